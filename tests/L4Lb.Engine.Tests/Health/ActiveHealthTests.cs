using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Health;

public sealed class ActiveHealthTests
{
    private readonly HealthRig _rig = new();

    [Fact]
    public async Task The_first_check_is_at_once_and_decides()
    {
        _rig.IsWell = (port, _) => port == 1;
        _rig.Follow(HealthRig.Service(HealthRig.Checked(), 1, 2));
        Assert.True(_rig[2].Health.IsUsable);

        await _rig.PassAsync(0.999);

        Assert.Equal([HealthState.Up, HealthState.Down], new[] { 1, 2 }.Select(port => _rig[port].Health.State));
        Assert.Equal("L4CON Connection refused, 1 check failed", _rig[2].Health.Reason);
        Assert.Equal([(1, 0L), (2, 500L)], _rig.Probes);
    }

    [Fact]
    public async Task It_falls_after_fall_checks_and_rises_after_rise_checks()
    {
        _rig.Follow(HealthRig.Service(HealthRig.Checked(), 1));
        await _rig.PassAsync(10);
        _rig.IsWell = (_, _) => false;

        await _rig.PassAsync(2.5);
        Assert.Equal(HealthState.Up, _rig[1].Health.State);
        await _rig.PassAsync(1);
        Assert.Equal((HealthState.Down, "L4CON Connection refused, 3 checks failed"), (_rig[1].Health.State, _rig[1].Health.Reason));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(13), _rig[1].Health.SinceUtc);

        _rig.IsWell = (_, _) => true;
        await _rig.PassAsync(1);
        Assert.Equal(HealthState.Down, _rig[1].Health.State);
        await _rig.PassAsync(1);
        Assert.Equal((HealthState.Up, "L4OK, 2 checks passed"), (_rig[1].Health.State, _rig[1].Health.Reason));

        var checks = _rig[1].Checks;
        Assert.Equal((16L, 3L, CheckCode.L4OK), (checks.Done, checks.Failed, checks.Last!.Code));
        Assert.Equal([HealthState.Up, HealthState.Down, HealthState.Up], _rig.Changes.Select(change => change.To));
    }

    [Fact]
    public async Task Fast_and_down_intervals_hold_while_in_doubt_and_down()
    {
        var health = HealthRig.Checked(intervalMs: 10_000);
        health = health with
        {
            Probe = health.Probe! with { FastInterval = TimeSpan.FromSeconds(1), DownInterval = TimeSpan.FromSeconds(30) },
        };
        var failing = new HashSet<long> { 20_000, 21_000, 22_000 };
        _rig.IsWell = (_, _) => !failing.Contains(_rig.NowMs);
        _rig.Follow(HealthRig.Service(health, 1));

        await _rig.PassAsync(70);

        // Up at 0, fails from 20 s on, down at 22 s, looked at again 30 s later, up a second after that.
        Assert.Equal([0, 10_000, 20_000, 21_000, 22_000, 52_000, 53_000, 63_000], _rig.Probes.Select(probe => probe.AtMs));
    }

    [Fact]
    public async Task A_thousand_backends_are_not_checked_in_one_moment()
    {
        _rig.Follow(HealthRig.Service(HealthRig.Checked(intervalMs: 10_000), [.. Enumerable.Range(1, 1000)]));

        await _rig.PassAsync(29.999);

        Assert.Equal(3000, _rig.Probes.Count);
        Assert.All(_rig.Probes.CountBy(probe => probe.AtMs / 1000), second => Assert.Equal(100, second.Value));
    }

    [Fact]
    public async Task What_changes_at_once_is_published_at_once()
    {
        _rig.Follow(HealthRig.Service(HealthRig.Checked(fall: 1), [.. Enumerable.Range(1, 1000)]));
        await _rig.PassAsync(5);
        Assert.Empty(_rig.Republished);

        _rig.IsWell = (_, _) => false;
        await _rig.PassAsync(1);

        // A thousand go down within a second: no more than one publication each 50 ms.
        Assert.Equal(1000, _rig.Changes.Count(change => change.To == HealthState.Down));
        Assert.InRange(_rig.Republished.Count, 2, 21);
        Assert.All(_rig.Republished.Zip(_rig.Republished.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 50));
    }

    [Fact]
    public async Task A_reload_of_the_same_touches_neither_state_nor_schedule()
    {
        var service = HealthRig.Service(HealthRig.Checked(), 1, 2);
        _rig.Follow(service);
        await _rig.PassAsync(10);
        _rig.IsWell = (port, _) => port == 1;
        await _rig.PassAsync(2);
        var before = _rig[1].Health;

        for (var i = 0; i < 20; i++)
        {
            _rig.Follow(service with { Timeouts = service.Timeouts with { ConnectAttempts = 1 + (i % 4) } });
        }

        await _rig.PassAsync(1);
        Assert.Equal(HealthState.Down, _rig[2].Health.State);
        Assert.Same(before, _rig[1].Health);
        Assert.Equal(14 + 13, _rig.Probes.Count);
    }

    [Fact]
    public async Task A_changed_check_starts_over_from_the_state_that_is_known()
    {
        var health = HealthRig.Checked();
        _rig.IsWell = (_, path) => path == "/";
        _rig.Follow(HealthRig.Service(health, 1));
        await _rig.PassAsync(5);
        Assert.Equal(HealthState.Up, _rig[1].Health.State);

        _rig.Follow(HealthRig.Service(health with { Probe = health.Probe! with { Path = "/wrong" } }, 1));
        await _rig.PassAsync(1.5);
        Assert.Equal(HealthState.Up, _rig[1].Health.State);
        await _rig.PassAsync(1);
        Assert.Equal(HealthState.Down, _rig[1].Health.State);

        _rig.Follow(HealthRig.Service(health, 1));
        await _rig.PassAsync(0.5);
        Assert.Equal(HealthState.Down, _rig[1].Health.State);
        await _rig.PassAsync(1);
        Assert.Equal(HealthState.Up, _rig[1].Health.State);
        Assert.Equal([HealthState.Up, HealthState.Down, HealthState.Up], _rig.Changes.Select(change => change.To));
    }

    [Fact]
    public async Task Nothing_is_checked_that_is_gone_or_that_nobody_asks_about()
    {
        _rig.IsWell = (_, _) => false;
        var service = HealthRig.Service(HealthRig.Checked(), 1, 2);
        _rig.Follow(service);
        await _rig.PassAsync(3);

        _rig.Follow(HealthRig.Service(HealthRig.Checked(), 2));
        await _rig.PassAsync(3);
        Assert.DoesNotContain(_rig.Probes, probe => probe is { Port: 1, AtMs: > 3000 });

        _rig.Follow(HealthRig.Service(HealthSpec.None, 2));
        await _rig.PassAsync(3);
        Assert.DoesNotContain(_rig.Probes, probe => probe.AtMs > 6000);
        Assert.Same(HealthVerdict.Unchecked, _rig[2].Health);
        Assert.Equal(HealthState.Unchecked, _rig.Changes[^1].To);

        _rig.Follow(HealthRig.Service(HealthRig.Checked(), 2));
        await _rig.PassAsync(1);
        Assert.Equal(HealthState.Down, _rig[2].Health.State);
        _rig.Remove(service);
        await _rig.PassAsync(3);
        Assert.DoesNotContain(_rig.Probes, probe => probe.AtMs > 10_000);
    }

    [Fact]
    public async Task A_backend_that_no_policy_uses_is_not_checked()
    {
        var service = HealthRig.Service(HealthRig.Checked(), 1, 2);
        service = service with { Backends = [service.Backends[0], service.Backends[1] with { Scopes = BackendScope.None }] };
        _rig.Follow(service);

        await _rig.PassAsync(5);

        Assert.All(_rig.Probes, probe => Assert.Equal(1, probe.Port));
    }

    [Theory]
    [InlineData(WhenDown.Reset, new[] { 2 })]
    [InlineData(WhenDown.Keep, new int[0])]
    public async Task Sessions_of_a_backend_that_goes_down_are_reset_if_asked(WhenDown policy, int[] expected)
    {
        _rig.Follow(HealthRig.Service(HealthRig.Checked() with { WhenDown = policy }, 1, 2));
        await _rig.PassAsync(5);

        _rig.IsWell = (port, _) => port != 2;
        await _rig.PassAsync(10);

        Assert.Equal(expected, _rig.Resets);
    }
}
