using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Who counts as one client, and what becomes of one whose backend drains, is full or is gone.</summary>
public sealed class AffinityFollowsItsPolicy : FunctionalTest
{
    [Fact]
    public async Task Clients_of_one_network_share_a_backend()
    {
        var service = Service(new AffinitySpec { IPv4PrefixLength = 24 });
        var balancer = await StartAsync(service);

        var backends = new List<int>();
        foreach (var client in new[] { "127.1.1.1", "127.1.1.2", "127.1.2.1", "127.1.1.254", "127.1.2.2" })
        {
            backends.Add(await VisitAsync(service, client));
        }

        Assert.Equal([0, 0, 1, 0, 1], backends);
        Assert.Equal(2, balancer.GetServices()[0].AffinityEntries);
    }

    [Fact]
    public async Task Rebalance_sends_the_clients_of_a_draining_backend_to_another_one_for_good()
    {
        var service = Service(new AffinitySpec());
        var balancer = await StartAsync(service);
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        await ApplyAsync(balancer, Drained(service, 0));
        var other = await VisitAsync(service, "127.0.0.1");
        Assert.NotEqual(0, other);

        await ApplyAsync(balancer, service);
        Assert.Equal(other, await VisitAsync(service, "127.0.0.1"));
        Assert.Equal(1, balancer.GetServices()[0].Affinity!.Moves);
    }

    [Fact]
    public async Task WaitForDrain_leaves_the_clients_of_a_draining_backend_with_it_until_it_is_removed()
    {
        var service = Service(new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain });
        var balancer = await StartAsync(service);
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        await ApplyAsync(balancer, Drained(service, 0));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));
            Assert.NotEqual(0, await VisitAsync(service, $"127.0.1.{i + 1}"));
        }

        await ApplyAsync(balancer, service with { Backends = [service.Backends[1], service.Backends[2]] });
        Assert.NotEqual(0, await VisitAsync(service, "127.0.0.1"));
    }

    [Fact]
    public async Task WaitForDrain_keeps_the_listener_open_for_those_who_wait()
    {
        var service = Service(new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain });
        var balancer = await StartAsync(service);
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        await ApplyAsync(balancer, Drained(service, 0, 1, 2));
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address, IPAddress.Parse("127.0.0.2")));
        Assert.Single(await Log.WaitAsync(3), static record => record.Reason == CloseReason.NoBackend);

        // Without anybody to wait for, the kernel refuses.
        await ApplyAsync(balancer, Drained(service with { Affinity = new AffinitySpec() }, 0, 1, 2));
        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
    }

    [Fact]
    public async Task A_draining_backend_that_does_not_answer_is_left_for_one_that_does()
    {
        var gone = LoopbackBackend.Named(0);
        var service = Specs.Service(gone, Own(LoopbackBackend.Named(1))) with
        {
            Affinity = new AffinitySpec { WhenGone = AffinityWhenGone.WaitForDrain },
        };
        var balancer = await StartAsync(service);
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        await ApplyAsync(balancer, Drained(service, 0));
        await gone.DisposeAsync();
        Assert.Equal(1, await VisitAsync(service, "127.0.0.1"));
        Assert.Equal(1, balancer.GetServices()[0].Affinity!.Moves);
    }

    [Fact]
    public async Task Who_finds_its_backend_full_goes_elsewhere_this_once()
    {
        var service = Service(new AffinitySpec()) with { Limits = new LimitSpec { BackendMaxSessions = 1 } };
        var balancer = await StartAsync(service);
        var from = IPAddress.Parse("127.0.0.1");
        using (var first = await TestConnection.ConnectAsync(service.Address, from))
        {
            Assert.Equal(0, (await first.ReceiveExactlyAsync(1))[0]);
            Assert.NotEqual(0, await VisitAsync(service, "127.0.0.1"));
        }

        await Eventually.EqualsAsync(0, () => balancer.ActiveSessions, "the number of sessions");
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));
        Assert.Equal(0, balancer.GetServices()[0].Affinity!.Moves);
    }

    [Fact]
    public async Task It_is_counted_what_became_of_the_entries()
    {
        var service = Service(new AffinitySpec { MaxEntries = 2 });
        var balancer = await StartAsync(service);
        foreach (var host in new[] { 1, 2, 1, 3, 1 })
        {
            await VisitAsync(service, $"127.0.0.{host}");
        }

        Assert.Equal(
            new AffinityStatus(2, 2) { Hits = 2, Misses = 3, Evictions = 1 }, balancer.GetServices()[0].Affinity);
        Assert.Equal(5, balancer.AffinityLookups);
        await ApplyAsync(balancer, service with { Affinity = null });
        Assert.Null(balancer.GetServices()[0].Affinity);
    }

    [Fact]
    public async Task The_memory_of_a_table_that_nobody_asks_any_more_is_given_back()
    {
        var service = Service(new AffinitySpec { Timeout = TimeSpan.FromSeconds(1) });
        var balancer = await StartAsync(service);
        await VisitAsync(service, "127.0.0.1");

        // Nothing here asks the table, as the status would.
        await Eventually.EqualsAsync((0, 0), () => balancer.AffinityMemory, "entries held and memory for them");
    }

    private ServiceSpec Service(AffinitySpec affinity) =>
        Specs.Service(Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))) with { Affinity = affinity };

    private static ServiceSpec Drained(ServiceSpec service, params int[] indices) => service with
    {
        Backends = [.. service.Backends.Select((backend, i) => indices.Contains(i) ? backend with { Weight = 0 } : backend)],
    };

    private static async Task<int> VisitAsync(ServiceSpec service, string from)
    {
        using var client = await TestConnection.ConnectAsync(service.Address, IPAddress.Parse(from));
        return (await client.ReceiveExactlyAsync(1))[0];
    }
}
