using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class SlowStartTests
{
    /// <summary>Window 60 s, aggression 1: Envoy's documentation has 10 % at 6 s and 50 % at 30 s.</summary>
    [Theory]
    [InlineData(1, 10, 0, 0.10)]
    [InlineData(1, 10, 6, 0.10)]
    [InlineData(1, 10, 30, 0.50)]
    [InlineData(1, 10, 45, 0.75)]
    [InlineData(1, 10, 60, 1.00)]
    [InlineData(1, 10, 600, 1.00)]
    [InlineData(1, 1, 3, 0.05)]
    [InlineData(2, 10, 15, 0.50)]
    [InlineData(0.5, 10, 30, 0.25)]
    [InlineData(1, 100, 0, 1.00)]
    public void The_share_is_Envoys(double aggression, int minimumPercent, int seconds, double expected)
    {
        var spec = new SlowStartSpec { Window = TimeSpan.FromSeconds(60), Aggression = aggression, MinimumPercent = minimumPercent };

        Assert.Equal(expected, SlowStart.Factor(spec, TimeSpan.FromSeconds(seconds)), precision: 9);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(2_000, 100)]
    [InlineData(20_000, 1000)]
    [InlineData(600_000, 1000)]
    public void Steps_are_a_twentieth_of_the_window_and_a_second_at_most(int windowMs, int stepMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(stepMs),
            SlowStart.Step(new SlowStartSpec { Window = TimeSpan.FromMilliseconds(windowMs) }));
}
