using System.Net;
using L4Lb.K8s.Pools;
using static L4Lb.K8s.Tests.Pools.PoolRig;

namespace L4Lb.K8s.Tests.Pools;

/// <summary>Addresses that Services move away from, and those that they come back to.</summary>
public sealed class AddressMoveTests
{
    [Fact]
    public void What_a_Service_moves_away_from_is_free_only_once_everybody_knows()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        rig.Assign(Web("one"), "192.0.2.1");
        var openings = rig.Book.Openings;
        Assert.Equal([IPAddress.Parse("192.0.2.2")], rig.Book.Assign(Web("one") with { Wanted = [IPAddress.Parse("192.0.2.2")] }, rig.Set).Addresses);
        Assert.Equal(PendingReason.PoolExhausted, rig.Book.Assign(Web("two"), rig.Set).Problem!.Reason);
        Assert.Equal(openings, rig.Book.Openings);

        rig.Book.Settle(new("default", "one"), []);
        Assert.NotEqual(openings, rig.Book.Openings);
        Assert.Equal("192.0.2.1", rig.Assign(Web("two")));
    }

    [Fact]
    public void A_Service_may_go_back_to_what_it_was_about_to_leave()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        foreach (var address in (string[])["192.0.2.1", "192.0.2.2", "192.0.2.1"])
        {
            Assert.Equal(address, Assert.Single(rig.Book.Assign(Web("one") with { Wanted = [IPAddress.Parse(address)] }, rig.Set).Addresses).ToString());
        }

        rig.Book.Settle(new("default", "one"), []);
        Assert.Equal("192.0.2.2", rig.Assign(Web("two")));
    }

    [Fact]
    public void A_Service_that_can_have_nothing_any_more_keeps_others_off_until_its_status_says_so()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1"), Pool("b", "198.51.100.1") with { AutoAssign = false });
        rig.Assign(Web("one"));
        Assert.Equal(PendingReason.NoPool, rig.Book.Assign(Web("one") with { Pool = "x" }, rig.Set).Problem!.Reason);
        Assert.Empty(rig.Book.AddressesOf(new("default", "one")));
        Assert.Empty(rig.Book.Assign(Web("two"), rig.Set).Addresses);

        rig.Book.Settle(new("default", "one"), []);
        Assert.False(rig.Book.Knows(new("default", "one")));
        Assert.Equal("192.0.2.1", rig.Assign(Web("two")));
    }

    [Fact]
    public void What_a_status_says_is_held_even_by_who_may_not_keep_it()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        var moving = Web("one") with { Wanted = [IPAddress.Parse("192.0.2.2")] };
        rig.Book.Reclaim(moving, rig.Set, [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("203.0.113.1")]);
        Assert.Equal("192.0.2.2", rig.Assign(Web("two")));
        Assert.Equal(PendingReason.AddressInUse, rig.Book.Assign(moving, rig.Set).Problem!.Reason);
    }

    [Fact]
    public void What_a_status_says_is_nobody_elses_even_if_no_pool_has_it_for_a_while()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1"));
        rig.Book.Reclaim(Web("one"), rig.Set, [IPAddress.Parse("192.0.2.2")]);
        rig.Set = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2")).Set;
        Assert.Equal("192.0.2.1", rig.Assign(Web("two")));
        Assert.Equal(PendingReason.PoolExhausted, rig.Book.Assign(Web("three"), rig.Set).Problem!.Reason);

        // As it has nothing else, it may as well keep that.
        Assert.Equal("192.0.2.2", rig.Assign(Web("one"), "192.0.2.2"));
    }

    [Fact]
    public void What_a_status_says_otherwise_than_was_decided_is_not_free()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.3"));
        rig.Assign(Web("one"));
        rig.Book.Assign(Web("one") with { Wanted = [IPAddress.Parse("192.0.2.2")] }, rig.Set);
        rig.Book.Assign(Web("one") with { Wanted = [IPAddress.Parse("192.0.2.3")] }, rig.Set);

        // The second of three was written, while the third was decided.
        rig.Book.Settle(new("default", "one"), [IPAddress.Parse("192.0.2.2")]);
        Assert.Equal("192.0.2.1", rig.Assign(Web("two")));
        Assert.Equal(PendingReason.PoolExhausted, rig.Book.Assign(Web("three"), rig.Set).Problem!.Reason);
        rig.Book.Settle(new("default", "one"), [IPAddress.Parse("192.0.2.3")]);
        Assert.Equal("192.0.2.2", rig.Assign(Web("three")));
    }

    [Fact]
    public void Who_stops_sharing_goes_and_the_others_stay()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        var one = Web("one") with { SharingKey = "k" };
        rig.Assign(one);
        Assert.Equal("192.0.2.1", rig.Assign(Web("two", 81) with { SharingKey = "k" }));
        Assert.Equal([IPAddress.Parse("192.0.2.2")], rig.Book.Assign(Web("two", 81) with { SharingKey = "other" }, rig.Set).Addresses);
        Assert.Equal("192.0.2.1", rig.Assign(one));
    }

    [Fact]
    public void Of_two_who_say_the_same_the_first_keeps_it_and_the_other_hears_of_it()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        rig.Book.Reclaim(Web("one"), rig.Set, [IPAddress.Parse("192.0.2.1")]);
        rig.Book.Reclaim(Web("two"), rig.Set, [IPAddress.Parse("192.0.2.1")]);
        Assert.Equal([IPAddress.Parse("192.0.2.2")], rig.Book.Assign(Web("two"), rig.Set).Addresses);
        Assert.Equal(new("default", "one"), rig.Book.RivalOf(new("default", "two"), IPAddress.Parse("192.0.2.1")));
        Assert.Equal("192.0.2.1", rig.Assign(Web("one")));
        Assert.Null(rig.Book.RivalOf(new("default", "one"), IPAddress.Parse("192.0.2.1")));
        rig.Book.Settle(new("default", "two"), [IPAddress.Parse("192.0.2.2")]);
        Assert.Equal("192.0.2.1", rig.Assign(Web("one")));
    }

    [Fact]
    public void Who_no_longer_shares_makes_room_for_others()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1"));
        rig.Assign(Web("one") with { SharingKey = "k" });
        var two = Web("two") with { SharingKey = "k" };
        var (answer, openings) = (rig.Book.Assign(two, rig.Set), rig.Book.Openings);
        Assert.Empty(answer.Addresses);

        rig.Assign(Web("one", 81) with { SharingKey = "k" });
        Assert.NotEqual(openings, rig.Book.Openings);
        Assert.Equal("192.0.2.1", rig.Assign(two));
    }

    [Fact]
    public void A_shared_address_is_told_apart_from_one_that_is_in_use()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1"));
        rig.Assign(Web("one") with { SharingKey = "k" });
        AddressProblem Refused(AddressRequest request) =>
            rig.Book.Assign(request with { Wanted = [IPAddress.Parse("192.0.2.1")] }, rig.Set).Problem!;

        Assert.Equal(PendingReason.AddressInUse, Refused(Web("two", 81)).Reason);
        Assert.Equal(
            "192.0.2.1 belongs to default/one; to share it, they need different ports, and both have 80/TCP",
            Refused(Web("two") with { SharingKey = "k" }).Message);
        Assert.Equal(PendingReason.SharingConflict, Refused(Web("two", 81) with { SharingKey = "other" }).Reason);
        Assert.Contains("externalTrafficPolicy Cluster", Refused(
            With(Web("two", 81) with { SharingKey = "k" }, static s => s with { ExternalTrafficPolicy = "Local", Selector = [new("a", "b")] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_that_requires_both_families_grows_in_its_pool()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.0/24", "2001:db8:a::/64"), Pool("b", "198.51.100.0/24", "2001:db8:b::/64"));
        Assert.Equal("198.51.100.7", rig.Assign(Web("one"), "198.51.100.7"));
        Assert.Equal("2001:db8:b::, 198.51.100.7", rig.Assign(Dual("one", "RequireDualStack")));
        Assert.Equal("2001:db8:b::, 198.51.100.7", rig.Assign(Dual("one", "PreferDualStack")));
        Assert.Equal("198.51.100.7", rig.Assign(Web("one")));
    }

    [Fact]
    public void A_pool_that_loses_a_family_is_left_for_one_that_has_both_and_for_no_other()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.0/24", "2001:db8:a::/64"), Pool("b", "198.51.100.0/24"));
        Assert.Equal("2001:db8:a::, 192.0.2.9", rig.Assign(Dual("one", "PreferDualStack"), "192.0.2.9", "2001:db8:a::"));
        rig.Set = new PoolRig(Pool("a", "192.0.2.0/24"), Pool("b", "198.51.100.0/24")).Set;
        Assert.Equal("192.0.2.9", rig.Assign(Dual("one", "PreferDualStack")));

        rig.Assign(Dual("two", "PreferDualStack"), "192.0.2.7");
        rig.Set = new PoolRig(Pool("b", "198.51.100.0/24", "2001:db8:b::/64")).Set;
        Assert.Equal("2001:db8:b::, 198.51.100.0", rig.Assign(Dual("two", "PreferDualStack")));
    }
}
