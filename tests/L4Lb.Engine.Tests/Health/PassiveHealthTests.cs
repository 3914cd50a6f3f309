using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Health;

public sealed class PassiveHealthTests
{
    private static readonly HealthSpec s_passive = new()
    {
        Outlier = new OutlierSpec
        {
            ConsecutiveFailures = 5,
            BaseEjection = TimeSpan.FromSeconds(10),
            MaxEjection = TimeSpan.FromSeconds(25),
            Interval = TimeSpan.FromSeconds(100),
        },
    };

    private readonly HealthRig _rig = new();

    [Fact]
    public async Task Failures_in_a_row_eject_for_longer_each_time()
    {
        _rig.Follow(HealthRig.Service(s_passive, 1, 2));
        _rig.Connect(1, succeeds: false, times: 4);
        _rig.Connect(1, succeeds: true);
        _rig.Connect(1, succeeds: false, times: 4);
        await _rig.PassAsync(0.1);
        Assert.Equal(HealthState.Unchecked, _rig[1].Health.State);

        foreach (var seconds in new[] { 10, 20, 25, 25 })
        {
            _rig.Connect(1, succeeds: false, times: 5);
            await _rig.PassAsync(seconds - 0.1);
            Assert.Equal(HealthState.Ejected, _rig[1].Health.State);
            Assert.Contains("connects in a row failed", _rig[1].Health.Reason, StringComparison.Ordinal);
            await _rig.PassAsync(0.2);
            Assert.Equal(HealthState.Unchecked, _rig[1].Health.State);
        }

        Assert.Equal(4, _rig[1].Checks.Ejections);
    }

    [Fact]
    public async Task Ejections_grow_shorter_again_while_it_behaves()
    {
        var health = s_passive with { Outlier = s_passive.Outlier! with { Interval = TimeSpan.FromSeconds(7) } };
        _rig.Follow(HealthRig.Service(health, 1, 2));
        _rig.Connect(1, succeeds: false, times: 5);
        await _rig.PassAsync(30);

        _rig.Connect(1, succeeds: false, times: 5);
        await _rig.PassAsync(10.1);

        Assert.Equal((HealthState.Unchecked, 2L), (_rig[1].Health.State, _rig[1].Checks.Ejections));
    }

    [Fact]
    public async Task A_success_before_anybody_looked_takes_the_alarm_back()
    {
        _rig.Follow(HealthRig.Service(s_passive, 1, 2));

        _rig.Connect(1, succeeds: false, times: 5);
        _rig.Connect(1, succeeds: true);
        await _rig.PassAsync(1);

        Assert.Equal(HealthState.Unchecked, _rig[1].Health.State);
    }

    [Fact]
    public async Task No_more_than_the_share_is_ejected_and_an_alarm_is_repeated()
    {
        _rig.Follow(HealthRig.Service(s_passive, 1, 2, 3, 4));
        foreach (var port in new[] { 1, 2, 3, 4 })
        {
            _rig.Connect(port, succeeds: false, times: 5);
        }

        await _rig.PassAsync(5);
        Assert.Equal([1, 2], new[] { 1, 2, 3, 4 }.Where(port => !_rig[port].Health.IsUsable));

        await _rig.PassAsync(6);
        _rig.Connect(3, succeeds: false, times: 5);
        await _rig.PassAsync(1);
        Assert.Equal([3], new[] { 1, 2, 3, 4 }.Where(port => !_rig[port].Health.IsUsable));
    }

    [Fact]
    public async Task A_rate_far_below_its_peers_ejects()
    {
        var health = new HealthSpec
        {
            Outlier = new OutlierSpec { ConsecutiveFailures = 0, SuccessRateDeviations = 1.9, Interval = TimeSpan.FromSeconds(10) },
        };
        _rig.Follow(HealthRig.Service(health, 1, 2, 3, 4, 5));
        for (var port = 1; port <= 5; port++)
        {
            _rig.Connect(port, succeeds: true, times: port == 5 ? 60 : 100);
            _rig.Connect(port, succeeds: false, times: port == 5 ? 40 : 0);
        }

        await _rig.PassAsync(10.1);

        Assert.Equal((HealthState.Ejected, "60.0 % of its connects succeeded, less than 61.6 %"), (_rig[5].Health.State, _rig[5].Health.Reason));
        Assert.Single(_rig.Changes);

        // The next interval had no connects: nothing more is concluded from the old ones.
        await _rig.PassAsync(20);
        Assert.Equal((HealthState.Unchecked, 1L), (_rig[5].Health.State, _rig[5].Checks.Ejections));
    }

    [Fact]
    public async Task Who_no_longer_asks_has_nobody_ejected()
    {
        _rig.Follow(HealthRig.Service(s_passive with { Probe = HealthRig.Checked().Probe }, 1, 2));
        _rig.Connect(1, succeeds: false, times: 5);
        await _rig.PassAsync(2);
        Assert.Equal(HealthState.Ejected, _rig[1].Health.State);

        _rig.Follow(HealthRig.Service(HealthRig.Checked(), 1, 2));
        _rig.Connect(1, succeeds: false, times: 50);
        await _rig.PassAsync(1);

        Assert.Equal(HealthState.Up, _rig[1].Health.State);
    }

    [Fact]
    public async Task Sessions_of_an_ejected_backend_are_left_alone()
    {
        _rig.Follow(HealthRig.Service(s_passive with { WhenDown = WhenDown.Reset }, 1, 2));

        _rig.Connect(1, succeeds: false, times: 5);
        await _rig.PassAsync(1);

        Assert.Equal(HealthState.Ejected, _rig[1].Health.State);
        Assert.Empty(_rig.Resets);
    }
}
