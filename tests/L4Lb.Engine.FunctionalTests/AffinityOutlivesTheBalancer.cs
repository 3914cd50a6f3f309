using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Clients keep their backends when another instance takes over: by what the first one knew, or by a hash.</summary>
public sealed class AffinityOutlivesTheBalancer : FunctionalTest
{
    [Fact]
    public async Task What_one_instance_exports_the_next_one_has_before_it_listens()
    {
        var service = Service(new AffinitySpec());
        var before = await StartAsync(service);
        foreach (var host in new[] { 1, 2, 3 })
        {
            Assert.Equal(host - 1, await VisitAsync(service, $"127.0.0.{host}"));
        }

        AffinityTableState[] tables = [.. before.ExportAffinity(maxEntries: 100)];
        await before.DisposeAsync();
        Assert.Equal(service.Key, Assert.Single(tables).Key);

        var after = new LoadBalancer(new LoadBalancerOptions { Shards = 2, SessionLog = Log });
        await using var owned = after.ConfigureAwait(false);
        after.Start();
        after.RestoreAffinity(tables);
        await ApplyAsync(after, service);

        // Round robin would have begun anew with the first.
        Assert.Equal(3, after.AffinityRestored);
        Assert.Equal(2, await VisitAsync(service, "127.0.0.3"));
        Assert.Equal(1, await VisitAsync(service, "127.0.0.2"));
        Assert.Equal((2, 0), (after.GetServices()[0].Affinity!.Hits, after.GetServices()[0].Affinity!.Misses));
        Assert.Throws<InvalidOperationException>(() => after.RestoreAffinity(tables));
    }

    [Fact]
    public async Task Time_that_has_passed_since_the_last_use_counts()
    {
        var service = Service(new AffinitySpec { Timeout = TimeSpan.FromSeconds(60) });
        var balancer = new LoadBalancer(new LoadBalancerOptions { Shards = 1, SessionLog = Log });
        await using var owned = balancer.ConfigureAwait(false);
        balancer.Start();
        var backend = AddressKey.From(service.Backends[2].Address);
        balancer.RestoreAffinity([new(service.Key, [new(Client("127.0.0.1"), backend, 59_000), new(Client("127.0.0.2"), backend, 60_000)])]);
        await ApplyAsync(balancer, service);

        Assert.Equal(1, balancer.AffinityRestored);
        await Eventually.EqualsAsync(0, () => balancer.GetServices()[0].AffinityEntries, "the number of entries");
    }

    [Fact]
    public async Task Instances_with_the_same_backends_agree_without_talking()
    {
        const int Clients = 1000;
        var affinity = new AffinitySpec { FirstPick = AffinityFirstPick.ConsistentHash };
        var one = Service(affinity);
        var other = one with { Listens = [new ListenSpec { Address = Loopback.FreeEndPoint() }], Backends = [.. one.Backends.Reverse()] };
        var balancers = (One: await StartAsync(one), Other: await StartAsync(other));

        // In another order, which would mean another turn of a scheduler.
        var firsts = await VisitAllAsync(one, Enumerable.Range(0, Clients));
        Assert.Equal(firsts, (await VisitAllAsync(other, Enumerable.Range(0, Clients).Reverse())).AsEnumerable().Reverse());
        Assert.All(firsts.CountBy(name => name), share => Assert.InRange(share.Value, Clients / 3 * 0.8, Clients / 3 * 1.2));

        // One instance knows its clients and the other one is new, when a backend leaves.
        var without = one.Backends[0];
        await ApplyAsync(balancers.One, one with { Backends = [.. one.Backends.Where(b => b != without)] });
        await balancers.Other.DisposeAsync();
        other = other with { Backends = [.. other.Backends.Where(b => b != without)] };
        await StartAsync(other);
        var known = await VisitAllAsync(one, Enumerable.Range(0, Clients));
        var fresh = await VisitAllAsync(other, Enumerable.Range(0, Clients));

        Assert.All(firsts.Zip(known), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
        Assert.DoesNotContain(0, known);

        // Maglev moves a few clients that need not (Eisenbud et al., NSDI 2016, §5.3): with these backends less than one in
        // a thousand. Those differ, no others.
        Assert.InRange(known.Zip(fresh).Count(pair => pair.First != pair.Second), 0, Clients / 100);
    }

    private ServiceSpec Service(AffinitySpec affinity) =>
        Specs.Service(Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))) with { Affinity = affinity };

    private static async Task<List<int>> VisitAllAsync(ServiceSpec service, IEnumerable<int> clients)
    {
        var names = new List<int>();
        foreach (var client in clients)
        {
            names.Add(await VisitAsync(service, $"127.2.{client / 250}.{(client % 250) + 1}"));
        }

        return names;
    }

    private static async Task<int> VisitAsync(ServiceSpec service, string from)
    {
        using var client = await TestConnection.ConnectAsync(service.Address, IPAddress.Parse(from));
        return (await client.ReceiveExactlyAsync(1))[0];
    }

    private static UInt128 Client(string address) => AddressKey.From(IPAddress.Parse(address), 0).Address;
}
