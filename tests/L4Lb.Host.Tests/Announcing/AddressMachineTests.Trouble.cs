using L4Lb.Host.Announcing;
using static L4Lb.Host.Announcing.AddressPermission;
using static L4Lb.Host.Announcing.AddressState;

namespace L4Lb.Host.Tests.Announcing;

public sealed partial class AddressMachineTests
{
    [Fact]
    public void An_unconfirmed_holder_does_not_yield_to_another_that_only_watches()
    {
        Hold();
        Lease(LeaseState.Unconfirmed);

        for (var i = 0; i < 20; i++)
        {
            Hear(isProbe: true);
            Pass(900);
        }

        Assert.Equal(Unconfirmed, _machine.State);
    }

    [Fact]
    public void A_holder_by_lease_defends_its_address_and_keeps_it()
    {
        Hold();
        for (var i = 0; i < 10; i++)
        {
            Hear(isProbe: false);
            Assert.Equal(i % 5 == 0 ? "announce" : "", _port.Take());
            _nowMs += 200; // Nothing else is due meanwhile.
        }

        Assert.Equal(Holding, _machine.State);
        Assert.Single(_port.Conflicts);
        Hear(isProbe: true); // Who only asks is answered by the kernel.
        Assert.Equal("", _port.Take());
    }

    [Fact]
    public void Without_leases_it_is_defended_once_and_given_up_for_the_second()
    {
        _machine = Machine(s_timing, isExclusive: false);
        Hold();

        Hear(isProbe: false);
        Assert.Equal((Holding, "announce"), (_machine.State, _port.Take()));
        Pass(9000);
        _port.Take();
        Hear(isProbe: false);

        Assert.Equal((BackingOff, "remove"), (_machine.State, _port.Take()));
    }

    [Fact]
    public void Without_leases_claims_far_apart_are_each_defended()
    {
        _machine = Machine(s_timing, isExclusive: false);
        Hold();
        for (var i = 0; i < 5; i++)
        {
            Hear(isProbe: false);
            Pass(10_000);
        }

        Assert.Equal(Holding, _machine.State);
    }

    [Fact]
    public void When_nobody_can_be_served_any_more_it_goes_before_the_lease()
    {
        Hold();

        Allow(No);

        Assert.Equal((Absent, "remove release"), (_machine.State, _port.Take()));
        Assert.Equal(long.MaxValue, _machine.NextMs);
    }

    [Fact]
    public void Handing_over_releases_first_and_serves_until_somebody_asks()
    {
        Hold();
        Allow(HandOver);
        Assert.Equal((Leaving, "release"), (_machine.State, _port.Take()));

        Pass(1000);
        Assert.Equal("put", _port.Take());

        Hear(isProbe: true);
        Assert.Equal((Absent, "remove"), (_machine.State, _port.Take()));
    }

    [Fact]
    public void Handing_over_ends_when_nobody_came()
    {
        Hold();
        Allow(HandOver);

        Pass(2999);
        Assert.Equal(Leaving, _machine.State);
        Pass(1);

        Assert.Equal(Absent, _machine.State);
        Assert.EndsWith("remove", _port.Take());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Who_does_not_have_it_has_nothing_to_hand_over(int answers)
    {
        Allow(Yes);
        Lease(LeaseState.Held);
        AnswerProbes(answers);
        _port.Take();

        Allow(HandOver);

        Assert.Equal((Absent, "release"), (_machine.State, _port.Take()));
    }

    [Fact]
    public void A_leaver_that_is_let_back_in_starts_anew()
    {
        Hold();
        Allow(HandOver);
        _port.Take();

        Allow(Yes);

        Assert.Equal((Waiting, "remove want"), (_machine.State, _port.Take()));
    }

    [Fact]
    public void A_late_word_about_a_lease_that_was_given_back_is_passed_over()
    {
        Hold();
        Allow(No);
        _port.Take();

        Lease(LeaseState.Held);

        Assert.Equal((Absent, ""), (_machine.State, _port.Take()));
    }

    /// <summary>A stopped process, a paused machine: the kernel has taken the address away meanwhile.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_overslept_asks_again_before_it_has_the_address(bool isConfirmed)
    {
        Hold();
        Lease(isConfirmed ? LeaseState.Held : LeaseState.Unconfirmed);
        _port.Take();

        _nowMs += 2000;
        _machine.Tick(_nowMs);
        Assert.Equal((Probing, "remove probe"), (_machine.State, _port.Take()));

        Pass(300);
        Assert.Equal(isConfirmed ? Holding : Unconfirmed, _machine.State);
        Assert.Equal("probe probe put announce", _port.Take());
    }

    [Fact]
    public void Who_overslept_while_it_left_has_left()
    {
        Hold();
        Allow(HandOver);
        _nowMs += 2500;
        _machine.Tick(_nowMs);

        Assert.Equal(Absent, _machine.State);
    }

    [Fact]
    public void What_the_kernel_refuses_is_tried_again_later()
    {
        _port.Problem = "no";
        Allow(Yes);
        Lease(LeaseState.Held);
        Pass(300);
        Assert.Equal((BackingOff, "no"), (_machine.State, _machine.Reason));

        _port.Problem = null;
        Pass(1300);
        Assert.Equal(Holding, _machine.State);
    }

    [Fact]
    public void A_refresh_that_fails_once_changes_nothing_and_one_that_fails_for_long_begins_anew()
    {
        Hold();
        _port.Problem = "no";
        Pass(700);
        _port.Problem = null;
        Pass(1000);
        Assert.Equal(Holding, _machine.State);

        _port.Problem = "no";
        Pass(2600);
        Assert.Equal(BackingOff, _machine.State);
    }

    [Fact]
    public void A_link_that_was_away_for_a_moment_is_told_everything_again()
    {
        Hold();
        Pass(10_000);
        _port.Take();

        _machine.LinkReturned(_nowMs);
        Assert.Equal("announce", _port.Take());
        Pass(2000);

        Assert.Equal(3, _port.Take().Split(' ').Count(w => w == "announce"));
    }

    [Fact]
    public void By_routes_nobody_is_asked_and_nobody_is_told()
    {
        _machine = Machine(AnnounceTiming.ByRoute(TimeSpan.FromSeconds(3)), isExclusive: false);
        Allow(Yes);
        Lease(LeaseState.Held);
        Assert.Equal((Holding, "want put"), (_machine.State, _port.Take()));

        Pass(10_000);
        Assert.All(_port.Take().Split(' '), w => Assert.Equal("put", w));

        Allow(HandOver);
        Assert.Equal((Absent, "remove release"), (_machine.State, _port.Take()));
    }
}
