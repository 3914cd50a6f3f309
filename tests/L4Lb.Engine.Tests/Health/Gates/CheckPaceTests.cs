using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class CheckPaceTests
{
    private static readonly ProbeSpec s_plain = new() { Kind = ProbeKind.Tcp, Interval = TimeSpan.FromSeconds(4) };

    private static readonly ProbeSpec s_graded = s_plain with
    {
        FastInterval = TimeSpan.FromSeconds(1),
        DownInterval = TimeSpan.FromSeconds(9),
    };

    [Theory]
    [InlineData(HealthState.Unchecked, false, 4, 4)]
    [InlineData(HealthState.Up, false, 4, 4)]
    [InlineData(HealthState.Up, true, 4, 1)]
    [InlineData(HealthState.Down, false, 4, 9)]
    [InlineData(HealthState.Down, true, 4, 1)]
    public void The_interval_depends_on_state_and_doubt(HealthState state, bool inDoubt, int plain, int graded)
    {
        var gate = new RiseFallGate(rise: 2, fall: 2, state);
        if (inDoubt)
        {
            gate.Observe(state == HealthState.Down);
        }

        Assert.Equal(TimeSpan.FromSeconds(plain), CheckPace.After(s_plain, gate));
        Assert.Equal(TimeSpan.FromSeconds(graded), CheckPace.After(s_graded, gate));
    }

    [Theory]
    [InlineData(0, 900)]
    [InlineData(0.5, 1000)]
    [InlineData(1, 1100)]
    public void Chance_moves_it_by_a_tenth_at_most(double chance, int milliseconds) =>
        Assert.Equal(milliseconds, CheckPace.Jittered(TimeSpan.FromSeconds(1), chance).TotalMilliseconds, tolerance: 1e-3);
}
