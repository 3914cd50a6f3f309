using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Health;

public sealed class SlowStartTests
{
    private static readonly HealthSpec s_slow = HealthRig.Checked(rise: 1, fall: 1) with
    {
        SlowStart = new SlowStartSpec { Window = TimeSpan.FromSeconds(60) },
    };

    private readonly HealthRig _rig = new();

    [Fact]
    public async Task Those_that_are_there_from_the_start_have_their_weight()
    {
        _rig.Follow(HealthRig.Service(s_slow, 1, 2));

        await _rig.PassAsync(0.9);

        Assert.Equal([1, 1], new[] { 1, 2 }.Select(port => _rig[port].Health.WeightFactor));
    }

    [Fact]
    public async Task One_that_comes_back_grows_step_by_step()
    {
        _rig.Follow(HealthRig.Service(s_slow, 1, 2));
        await _rig.PassAsync(2);
        _rig.IsWell = (port, _) => port == 1;
        await _rig.PassAsync(2);
        _rig.IsWell = (_, _) => true;
        await _rig.PassAsync(1);
        var up = _rig[2].Health.SinceUtc;
        Assert.Equal((HealthState.Up, 0.1), (_rig[2].Health.State, _rig[2].Health.WeightFactor));

        await _rig.PassAsync((up.AddSeconds(30.5) - DateTime.UnixEpoch).TotalSeconds - (_rig.NowMs / 1000.0));
        Assert.Equal(0.5, _rig[2].Health.WeightFactor, tolerance: 0.02);
        Assert.Equal(1, _rig[1].Health.WeightFactor);
        Assert.Equal(up, _rig[2].Health.SinceUtc);

        _rig.Republished.Clear();
        await _rig.PassAsync(60);
        Assert.Equal(1, _rig[2].Health.WeightFactor);
        Assert.InRange(_rig.Republished.Count, 25, 31);
    }

    [Fact]
    public async Task One_that_is_added_grows_and_one_that_is_kept_does_not()
    {
        _rig.Follow(HealthRig.Service(s_slow, 1));
        await _rig.PassAsync(5);

        _rig.Follow(HealthRig.Service(s_slow, 1, 2));
        await _rig.PassAsync(3);

        Assert.Equal((1, 0.1), (_rig[1].Health.WeightFactor, _rig[2].Health.WeightFactor));
        await _rig.PassAsync(60);
        Assert.Equal(1, _rig[2].Health.WeightFactor);
    }

    [Fact]
    public async Task Without_it_all_have_their_weight_at_once()
    {
        _rig.Follow(HealthRig.Service(s_slow, 1));
        _rig.Follow(HealthRig.Service(s_slow, 1, 2));
        await _rig.PassAsync(3);

        _rig.Follow(HealthRig.Service(s_slow with { SlowStart = null }, 1, 2));
        await _rig.PassAsync(1);

        Assert.Equal(1, _rig[2].Health.WeightFactor);
    }
}
