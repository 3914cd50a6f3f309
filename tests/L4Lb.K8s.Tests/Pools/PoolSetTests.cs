using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Pools;

public sealed class PoolSetTests
{
    [Fact]
    public void Pools_that_overlap_are_refused_whatever_the_order()
    {
        var (a, b) = (PoolRig.Pool("a", "192.0.2.0/25"), PoolRig.Pool("b", "198.51.100.1", "192.0.2.100-192.0.2.200"));
        foreach (var pools in (AddressPool[][])[[a, b], [b, a]])
        {
            var rig = new PoolRig(pools);
            Assert.Equal(["a"], rig.Set.Pools.Select(pool => pool.Name));
            var problem = Assert.Single(rig.Problems);
            Assert.Equal(
                ("b", "spec.addresses", "192.0.2.100-192.0.2.200 overlaps 192.0.2.0-192.0.2.127 of the pool a: an address has one pool"),
                (problem.Pool.Metadata.Name, problem.Path, problem.Message));
        }
    }

    [Fact]
    public void Every_problem_is_named_at_its_place()
    {
        var rig = new PoolRig(PoolRig.Pool("empty"), PoolRig.Pool("bad", "192.0.2.1", "x", "192.0.2.0/31"));

        Assert.Equal(
            ["spec.addresses[1]", "spec.addresses[2]", "spec.addresses"], rig.Problems.Select(problem => problem.Path));
        Assert.Empty(rig.Set.Pools);
    }

    [Fact]
    public void Those_with_users_come_first_then_by_priority_and_name()
    {
        static AddressPool Ranked(string name, string address, int? priority) =>
            PoolRig.Pool(name, address) with { Users = priority is { } p ? new PoolUsers { Priority = p } : null };

        var rig = new PoolRig(
            Ranked("all", "192.0.2.1", null), Ranked("z", "192.0.2.2", 1), Ranked("last", "192.0.2.3", 0),
            Ranked("b", "192.0.2.4", 7), Ranked("a", "192.0.2.5", 7));

        Assert.Equal(["z", "a", "b", "last", "all"], rig.Set.Pools.Select(pool => pool.Name));
    }

    [Theory]
    [InlineData("192.0.2.0/24", 254)]
    [InlineData("192.0.2.0/23", 508)]
    [InlineData("192.0.2.1-192.0.2.254", 254)]
    [InlineData("192.0.2.255-192.0.3.0", 0)]
    [InlineData("10.0.0.0/8", 16777216 - 131072)]
    public void Addresses_that_look_like_broadcasts_are_avoided(string range, int count)
    {
        var rig = new PoolRig(PoolRig.Pool("a", range) with { AvoidBuggyIPs = true });
        var pool = rig.Set.Pools[0];

        Assert.Equal((UInt128)count, pool.Count(isIPv4: true));
        Assert.Equal(UInt128.Zero, pool.Count(isIPv4: false));
        if (count < 1000)
        {
            Assert.Equal(count, rig.AssignAll().Count);
            Assert.Equal((UInt128)count, rig.Book.CountHeld(pool, isIPv4: true));
        }
    }

    [Fact]
    public void The_last_address_of_all_is_counted_once()
    {
        var rig = new PoolRig(PoolRig.Pool("a", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"));
        Assert.Equal(2, rig.AssignAll("IPv6").Count);
        Assert.Equal((UInt128)2, rig.Book.CountHeld(rig.Set.Pools[0], isIPv4: false));
    }
}
