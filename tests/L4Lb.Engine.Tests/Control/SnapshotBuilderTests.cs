using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Control;

public sealed class SnapshotBuilderTests
{
    private const BackendScope Both = BackendScope.Cluster | BackendScope.Local;

    [Fact]
    public void Each_policy_has_its_own_backends_in_the_order_of_the_spec()
    {
        var snapshot = Build(
            new BackendSpec { Address = At(1), Scopes = Both },
            new BackendSpec { Address = At(2) },
            new BackendSpec { Address = At(3), Scopes = BackendScope.Local },
            new BackendSpec { Address = At(4), Scopes = BackendScope.None },
            new BackendSpec { Address = At(5), Scopes = Both, Weight = 0 });

        Assert.Equal([At(1), At(2)], AddressesOf(snapshot.PoolFor(BackendScope.Cluster), 2));
        Assert.Equal([At(1), At(3)], AddressesOf(snapshot.PoolFor(BackendScope.Local), 2));
        Assert.Same(snapshot.Cluster[0], snapshot.Local[0]);
    }

    [Fact]
    public void Without_an_eligible_backend_a_pool_is_empty()
    {
        var snapshot = Build(new BackendSpec { Address = At(1), Weight = 0 }, new BackendSpec { Address = At(2), Scopes = BackendScope.Local });

        Assert.True(snapshot.Cluster.IsEmpty);
        Assert.False(snapshot.Local.IsEmpty);
    }

    [Fact]
    public void Timeouts_are_rounded_up_never_to_nothing()
    {
        var snapshot = Build();
        var spec = snapshot.Spec with
        {
            Timeouts = new TimeoutSpec
            {
                ConnectTimeouts = [TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(2)],
                ConnectBudget = TimeSpan.FromMilliseconds(1.5),
                Idle = TimeSpan.FromTicks(1),
                HalfClose = TimeSpan.FromTicks(1),
                Drain = TimeSpan.Zero,
            },
        };
        snapshot = snapshot with { Spec = spec };
        snapshot = new ServiceSnapshot(spec, snapshot.Cluster, snapshot.Local, null);

        Assert.Equal([1, 2], snapshot.ConnectTimeoutsMs);
        Assert.Equal((2L, 1L, 1L, 0L), (snapshot.ConnectBudgetMs, snapshot.IdleMs, snapshot.HalfCloseMs, snapshot.DrainMs));
    }

    [Fact]
    public void The_hash_of_a_whole_Service_is_about_hosts_and_that_of_a_port_about_endpoints()
    {
        Assert.Null(Build([At(1), At(2)], new AffinitySpec()).Cluster.Hash);
        Assert.Equal(Hashed(AffinityScope.Service, 80), Hashed(AffinityScope.Service, 443));
        Assert.NotEqual(Hashed(AffinityScope.Port, 80), Hashed(AffinityScope.Port, 443));

        static int[] Hashed(AffinityScope scope, int port)
        {
            var affinity = new AffinitySpec { Scope = scope, FirstPick = AffinityFirstPick.ConsistentHash };
            var hash = Build([.. Enumerable.Range(1, 3).Select(host => new IPEndPoint(At(host).Address, port))], affinity).Cluster.Hash!;
            return [.. Enumerable.Range(0, 100).Select(i => hash.Next(new FlowKey(AddressKey.FromIPv4((uint)i, 0), default), default, 0))];
        }
    }

    private static ServiceSnapshot Build(IPEndPoint[] backends, AffinitySpec affinity) =>
        Build(new ServiceSpec
        {
            Key = new ServiceKey("default", "web", "tcp"),
            Backends = [.. backends.Select(address => new BackendSpec { Address = address })],
            Affinity = affinity,
        });

    private static ServiceSnapshot Build(params BackendSpec[] backends) =>
        Build(new ServiceSpec { Key = new ServiceKey("default", "web", "tcp"), Backends = [.. backends] });

    private static ServiceSnapshot Build(ServiceSpec spec)
    {
        var identities = spec.Backends.Select(backend => AddressKey.From(backend.Address)).ToDictionary(key => key, key => new Backend(key));
        return SnapshotBuilder.Build(spec, identities, new SchedulerMemory(1), new SchedulerMemory(1), affinity: null);
    }

    private static IPEndPoint At(int host) => new(IPAddress.Parse($"10.0.0.{host}"), 80);

    private static IPEndPoint[] AddressesOf(BackendPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(i => pool[i].Address.ToIPEndPoint())];
}
