using System.Net;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using static L4Lb.K8s.Tests.Pools.PoolRig;

namespace L4Lb.K8s.Tests.Pools;

public sealed class AddressBookTests
{
    [Fact]
    public void Every_Service_gets_an_address_of_its_own_until_there_are_no_more()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        Assert.Equal("192.0.2.1", rig.Assign(Web("one")));
        Assert.Equal("192.0.2.2", rig.Assign(Web("two")));
        Assert.Equal("no free IPv4 address in a; add addresses, or let Services share one", rig.Assign(Web("three")));

        rig.Book.Release(new("default", "one"));
        Assert.Equal("192.0.2.1", rig.Assign(Web("three")));
        Assert.Equal((UInt128)2, rig.Book.CountHeld(rig.Set.Pools[0], isIPv4: true));
    }

    [Fact]
    public void What_it_has_it_keeps()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.0/24"));
        Assert.Equal("192.0.2.9", rig.Assign(Web("restarted"), "192.0.2.9"));
        Assert.Equal("192.0.2.9", rig.Assign(Web("restarted")));

        // Neither a better pool nor one that no longer assigns by itself moves it.
        rig.Set = new PoolRig(
            Pool("a", "192.0.2.0/24") with { AutoAssign = false },
            Pool("b", "198.51.100.1") with { Users = new PoolUsers { Priority = 1 } }).Set;
        Assert.Equal("192.0.2.9", rig.Assign(Web("restarted")));
        Assert.Equal("198.51.100.1", rig.Assign(Web("new")));
    }

    [Fact]
    public void It_moves_when_its_address_is_in_no_pool_any_more()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1"));
        rig.Assign(Web("one"));
        rig.Set = new PoolRig(Pool("a", "198.51.100.1")).Set;
        Assert.Equal("198.51.100.1", rig.Assign(Web("one")));
    }

    [Fact]
    public void A_status_that_somebody_else_holds_is_not_believed()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        rig.Assign(Web("one"), "192.0.2.1");
        Assert.Equal("192.0.2.2", rig.Assign(Web("two"), "192.0.2.1"));
    }

    [Fact]
    public void Named_addresses_and_pools()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.0/24"), Pool("closed", "198.51.100.0/24") with { AutoAssign = false });
        Assert.Equal("192.0.2.77", rig.Assign(Web("one") with { Wanted = [IPAddress.Parse("192.0.2.77")] }));
        Assert.Equal("198.51.100.0", rig.Assign(Web("two") with { Pool = "closed" }));
        Assert.Equal("198.51.100.5", rig.Assign(Web("three") with { Wanted = [IPAddress.Parse("198.51.100.5")] }));
        var four = Web("four");
        AssertRefused("there is no address pool x; there are a, closed", four with { Pool = "x" });
        AssertRefused("203.0.113.1 is in no address pool", four with { Wanted = [IPAddress.Parse("203.0.113.1")] });
        AssertRefused("192.0.2.77 belongs to default/one", four with { Wanted = [IPAddress.Parse("192.0.2.77")] });
        AssertRefused(
            "192.0.2.3 is of the pool a, which is not for this Service",
            four with { Pool = "closed", Wanted = [IPAddress.Parse("192.0.2.3")] });
        AssertRefused("asks for 2001:db8::1", four with { Wanted = [IPAddress.Parse("2001:db8::1")] });

        // Another wish moves it, and the one before is free.
        Assert.Equal("192.0.2.78", rig.Assign(Web("one") with { Wanted = [IPAddress.Parse("192.0.2.78")] }));
        Assert.Equal("192.0.2.77", rig.Assign(four with { Wanted = [IPAddress.Parse("192.0.2.77")] }));

        void AssertRefused(string why, AddressRequest request) =>
            Assert.StartsWith(why, rig.Assign(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RequireDualStack", "2001:db8::, 192.0.2.0")]
    [InlineData("PreferDualStack", "2001:db8::, 192.0.2.0")]
    public void Both_families_come_from_one_pool(string policy, string expected)
    {
        var rig = new PoolRig(Pool("a", "198.51.100.0/24"), Pool("b", "192.0.2.0/24", "2001:db8::/64"));
        Assert.Equal(expected, rig.Assign(Dual("one", policy)));
    }

    [Fact]
    public void One_family_is_enough_for_who_only_prefers_both_and_the_other_may_follow()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.0/24"), Pool("b", "2001:db8::/64"));
        Assert.Equal("2001:db8::", rig.Assign(Dual("one", "PreferDualStack")));
        Assert.StartsWith("no free IPv6 and IPv4 address", rig.Assign(Dual("two", "RequireDualStack")), StringComparison.Ordinal);

        // It stays with its pool, and another that has both changes nothing.
        rig.Set = new PoolRig(Pool("a", "192.0.2.0/24", "2001:db8:1::/64"), Pool("b", "2001:db8::/64")).Set;
        Assert.Equal("2001:db8::", rig.Assign(Dual("one", "PreferDualStack")));
        rig.Set = new PoolRig(Pool("a", "192.0.2.0/24", "2001:db8:1::/64"), Pool("b", "2001:db8::/64", "198.51.100.7")).Set;
        Assert.Equal("2001:db8::, 198.51.100.7", rig.Assign(Dual("one", "PreferDualStack")));

        rig.Assign(Web("zero"), "192.0.2.9");
        rig.Book.Release(new("default", "one"));
        Assert.Equal("2001:db8:1::, 192.0.2.7", rig.Assign(Dual("one", "PreferDualStack"), "192.0.2.7"));
        Assert.Equal("192.0.2.7", rig.Assign(Web("one")));
    }

    [Fact]
    public void Pools_are_for_those_whom_they_name()
    {
        var team = Pool("team", "192.0.2.0/24") with
        {
            Users = new PoolUsers
            {
                Namespaces = ["team-a"],
                NamespaceSelectors = [new() { Requirements = [new("tier", LabelOperator.In, ["gold"])] }],
                ServiceSelectors = [new() { Requirements = [new("public", LabelOperator.Exists, [])] }],
            },
        };
        var rig = new PoolRig(team);
        var labelled = With(Web("one"), s => s with { Metadata = s.Metadata with { Labels = Labels("public", "") } });
        Assert.StartsWith("no address pool is for this Service", rig.Assign(labelled), StringComparison.Ordinal);
        Assert.Equal("192.0.2.0", rig.Assign(labelled with { NamespaceLabels = Labels("tier", "gold") }));
        var inTeam = With(labelled, s => s with { Metadata = s.Metadata with { Namespace = "team-a" } });
        Assert.Equal("192.0.2.1", rig.Assign(inTeam));
        var unlabelled = With(inTeam, s => s with { Metadata = s.Metadata with { Name = "two", Labels = Labels("x", "") } });
        Assert.Equal("the address pool team is not for this Service", rig.Assign(unlabelled with { Pool = "team" }));
    }

    [Theory]
    [InlineData("k", "k", 443, "TCP", "Cluster", "Cluster", true)]
    [InlineData("k", "k", 80, "UDP", "Cluster", "Cluster", true)]
    [InlineData("k", "k", 80, "TCP", "Cluster", "Cluster", false)]
    [InlineData("k", "other", 443, "TCP", "Cluster", "Cluster", false)]
    [InlineData("", "", 443, "TCP", "Cluster", "Cluster", false)]
    [InlineData("k", "k", 443, "TCP", "Local", "Cluster", false)]
    [InlineData("k", "k", 443, "TCP", "Cluster", "Local", false)]
    public void An_address_is_shared_by_MetalLBs_rule(
        string key, string otherKey, int port, string protocol, string policy, string otherPolicy, bool shares)
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        var one = With(Web("one"), s => s with { ExternalTrafficPolicy = policy, Selector = [new("app", "x")] }) with { SharingKey = key };
        var two = With(Web("two", port, protocol), s => s with { ExternalTrafficPolicy = otherPolicy, Selector = [new("app", "y")] });
        two = two with { SharingKey = otherKey };
        Assert.Equal("192.0.2.1", rig.Assign(one));
        Assert.Equal(shares ? "192.0.2.1" : "192.0.2.2", rig.Assign(two));
    }

    [Fact]
    public void With_policy_Local_an_address_is_shared_by_those_with_the_same_endpoints()
    {
        var rig = new PoolRig(Pool("a", "192.0.2.1-192.0.2.2"));
        AddressRequest Local(string name, int port) =>
            With(Web(name, port) with { SharingKey = "k" }, s => s with { ExternalTrafficPolicy = "Local", Selector = [new("app", "x")] });
        Assert.Equal("192.0.2.1", rig.Assign(Local("one", 80)));
        Assert.Equal("192.0.2.1", rig.Assign(Local("two", 443)));

        // A port that collides later on moves whoever asks for it, and nobody else.
        Assert.Equal("192.0.2.2", rig.Assign(Local("two", 80)));
        Assert.Equal("192.0.2.1", rig.Assign(Local("one", 80)));
    }
}
