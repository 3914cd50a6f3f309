using System.Net;
using L4Lb.Engine.Interop;
using L4Lb.Host.Announcing;
using static L4Lb.Host.Announcing.AddressPermission;
using static L4Lb.Host.Announcing.AddressState;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>With a lease of 3 s: the kernel keeps the address 2 s, and is told every 666 ms. Chance is always in the middle.</summary>
public sealed partial class AddressMachineTests
{
    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.10");
    private static readonly HardwareAddress s_other = new(0x02_00_00_00_00_02);

    private static readonly AnnounceTiming s_timing = AnnounceTiming.OnLink(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));

    private readonly RecordingPort _port = new();
    private AddressMachine _machine;
    private long _nowMs = 1_000_000;

    public AddressMachineTests() => _machine = Machine(s_timing);

    [Fact]
    public void Asks_for_the_lease_then_on_the_wire_then_takes_it_and_tells_four_times()
    {
        Allow(Yes);
        Assert.Equal((Waiting, "want"), (_machine.State, _port.Take()));

        Lease(LeaseState.Held);
        Assert.Equal((Probing, "probe"), (_machine.State, _port.Take()));

        Pass(299);
        Assert.Equal((Probing, "probe probe"), (_machine.State, _port.Take()));

        Pass(1);
        Assert.Equal((Holding, "put announce"), (_machine.State, _port.Take()));

        Pass(99);
        Assert.Equal("", _port.Take());
        Pass(1);
        Assert.Equal("announce", _port.Take());
        Pass(400);
        Assert.Equal("announce", _port.Take());
        Pass(1500);
        Assert.Equal("put put put announce", _port.Take());
        Pass(60_000);
        Assert.Single(_port.Take().Split(' '), "announce");
    }

    [Fact]
    public void Does_nothing_while_nobody_could_be_served()
    {
        Allow(No);
        Lease(LeaseState.Held);
        Hear(isProbe: false);
        Pass(100_000);

        Assert.Equal((Absent, ""), (_machine.State, _port.Take()));
    }

    [Fact]
    public void Puts_the_address_often_enough_that_one_time_may_fail()
    {
        Hold();

        Pass(10_000);

        Assert.InRange(_port.Take().Split(' ').Count(w => w == "put"), 14, 15);
        Assert.True(2 * s_timing.RefreshMs < s_timing.LifetimeMs);
    }

    [Fact]
    public void The_kernel_lets_go_of_it_before_the_next_holder_may_come()
    {
        foreach (var seconds in Enumerable.Range(2, 60))
        {
            var timing = AnnounceTiming.OnLink(TimeSpan.FromSeconds(seconds), TimeSpan.Zero);

            // What the kernel takes longer, at the worst that was measured.
            Assert.True(timing.LifetimeMs + 400 < 1000 * seconds, $"{seconds}");
        }
    }

    [Fact]
    public void Who_answers_every_probe_keeps_the_address_and_people_are_told_once()
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        AnswerProbes(3);

        Assert.Equal(BackingOff, _machine.State);
        Assert.Equal("want probe probe probe", _port.Take());
        Assert.Equal([new Claim(s_address, s_other, IsProbe: false)], _port.Conflicts);

        // 1, 2, 4, 8, 10, 10 s: it is tried again, and nobody is told of the same.
        foreach (var waitMs in new[] { 1000, 2000, 4000, 8000, 10_000, 10_000 })
        {
            Pass(waitMs - 1);
            Assert.Equal(BackingOff, _machine.State);
            Pass(1);
            Assert.Equal(Probing, _machine.State);
            AnswerProbes(3);
        }

        Assert.Single(_port.Conflicts);
        Pass(10_000);
        Pass(300);
        Assert.Equal(Holding, _machine.State);
    }

    [Fact]
    public void A_conflict_that_lasts_is_told_again()
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        for (var until = _nowMs + 1_250_000; _nowMs < until; Pass(50))
        {
            if (_machine.State == Probing)
            {
                Hear(isProbe: false);
            }
        }

        Assert.Equal(3, _port.Conflicts.Count);
    }

    /// <summary>Its kernel answered before it heard of us; then it let go.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_old_holder_that_answers_the_first_probes_does_not_count(int answers)
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        AnswerProbes(answers);

        Pass(400); // The rest of that probe's time, and three more.

        Assert.Equal(Holding, _machine.State);
        Assert.Empty(_port.Conflicts);
    }

    [Fact]
    public void Two_answers_to_one_probe_are_one()
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        for (var i = 0; i < 10; i++)
        {
            Hear(isProbe: false);
        }

        Assert.Equal(Probing, _machine.State);
    }

    [Fact]
    public void Who_probes_for_it_at_the_same_time_is_in_the_way_as_well()
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        for (var i = 0; i < 3; i++)
        {
            Hear(isProbe: true);
            Pass(100);
        }

        Assert.Equal(BackingOff, _machine.State);
    }

    [Fact]
    public void A_lost_lease_takes_the_address_away_before_anything_else()
    {
        Hold();

        Lease(LeaseState.None, "node-2");

        Assert.Equal((Waiting, "remove"), (_machine.State, _port.Take()));
        Assert.Equal("node-2 has the lease", _machine.Reason);
        Assert.Equal(long.MaxValue, _machine.NextMs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_lease_lost_on_the_way_ends_the_way(int answers)
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        AnswerProbes(answers);
        Assert.Equal(answers == 3 ? BackingOff : Probing, _machine.State);

        Lease(LeaseState.None);
        Pass(100_000);

        Assert.Equal(Waiting, _machine.State);
        Assert.DoesNotContain("put", _port.Take());
    }

    [Fact]
    public void An_unconfirmed_lease_keeps_the_address_and_watches()
    {
        Hold();
        Lease(LeaseState.Unconfirmed);
        Assert.Equal((Unconfirmed, ""), (_machine.State, _port.Take()));

        Pass(600_000);

        Assert.Equal(Unconfirmed, _machine.State);
        var done = _port.Take().Split(' ');
        Assert.InRange(done.Count(w => w == "put"), 850, 950);
        Assert.InRange(done.Count(w => w == "probe"), 550, 650);
        Assert.InRange(done.Count(w => w == "announce"), 9, 13);

        Lease(LeaseState.Held);
        Assert.Equal(Holding, _machine.State);
        Pass(5000);
        Assert.DoesNotContain("probe", _port.Take());
    }

    [Fact]
    public void An_unconfirmed_holder_yields_at_once_to_who_has_it()
    {
        Hold();
        Lease(LeaseState.Unconfirmed);

        Hear(isProbe: false);

        Assert.Equal((Waiting, "remove"), (_machine.State, _port.Take()));
        Lease(LeaseState.Unconfirmed);
        Pass(100_000);
        Assert.Equal((Waiting, ""), (_machine.State, _port.Take()));
    }

    [Fact]
    public void An_unconfirmed_holder_yields_to_the_second_of_two_probes()
    {
        Hold();
        Lease(LeaseState.Unconfirmed);

        Hear(isProbe: true);
        Assert.Equal(Unconfirmed, _machine.State);
        Pass(100);
        Hear(isProbe: true);

        Assert.Equal(Waiting, _machine.State);
    }

    /// <summary>Two that watch each other: both yielding would leave nobody.</summary>
    private AddressMachine Machine(AnnounceTiming timing, bool isExclusive = true) =>
        new(s_address, timing, isExclusive, _port, static () => 0.5);

    private void Hold()
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        Pass(300);
        Assert.Equal(Holding, _machine.State);
        Pass(2000); // The announcements that follow each other.
        _port.Take();
    }

    private void Allow(AddressPermission permission) => _machine.Allow(permission, "the test wants it", _nowMs);

    private void Lease(LeaseState state, string? holder = null) => _machine.Lease(new LeaseReport(state, holder), _nowMs);

    private void Hear(bool isProbe) => _machine.Hear(new Claim(s_address, s_other, isProbe), _nowMs);

    private void AnswerProbes(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Pass(i == 0 ? 0 : 100);
            Hear(isProbe: false);
        }
    }

    /// <summary>Time passes, and the machine does what is due exactly when it is.</summary>
    private void Pass(long ms)
    {
        var endMs = _nowMs + ms;
        while (_machine.NextMs <= endMs)
        {
            _nowMs = Math.Max(_nowMs, _machine.NextMs);
            _machine.Tick(_nowMs);
        }

        _nowMs = endMs;
    }
}
