using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>A client address keeps its backend while it returns within the timeout, and no longer.</summary>
public sealed class AffinitySticksAndExpires : FunctionalTest
{
    [Fact]
    public async Task Each_address_has_its_own()
    {
        var (service, balancer) = await StartNamedAsync(new AffinitySpec());
        var firsts = new List<int>();
        for (var host = 1; host <= 6; host++)
        {
            firsts.Add(await VisitAsync(service, $"127.0.0.{host}"));
        }

        // The round hands out the backends, and the addresses keep them, whichever shard they come to.
        Assert.Equal([0, 1, 2, 0, 1, 2], firsts);
        for (var i = 0; i < 5; i++)
        {
            for (var host = 1; host <= 6; host++)
            {
                Assert.Equal(firsts[host - 1], await VisitAsync(service, $"127.0.0.{host}"));
            }
        }

        Assert.Equal(6, balancer.GetServices()[0].AffinityEntries);
    }

    [Fact]
    public async Task Silence_ends_it_and_visits_extend_it()
    {
        var (service, balancer) = await StartNamedAsync(new AffinitySpec { Timeout = TimeSpan.FromSeconds(2) });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));
            await timer.WaitForNextTickAsync();
        }

        await Eventually.EqualsAsync(0, () => balancer.GetServices()[0].AffinityEntries, "the number of entries");
        Assert.Equal(1, await VisitAsync(service, "127.0.0.1"));
    }

    [Fact]
    public async Task It_survives_an_edit_and_ends_with_its_backend()
    {
        var (service, balancer) = await StartNamedAsync(new AffinitySpec());
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        var edited = service.WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromMinutes(5) });
        await ApplyAsync(balancer, edited);
        Assert.Equal(0, await VisitAsync(service, "127.0.0.1"));

        var without = edited with { Backends = [edited.Backends[1], edited.Backends[2]] };
        await ApplyAsync(balancer, without);
        var next = await VisitAsync(service, "127.0.0.1");
        Assert.NotEqual(0, next);
        await ApplyAsync(balancer, edited);
        Assert.Equal(next, await VisitAsync(service, "127.0.0.1"));
    }

    [Fact]
    public async Task Of_scope_service_all_ports_stick_to_one_host()
    {
        string[] hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
        var affinity = new AffinitySpec { Scope = AffinityScope.Service };
        ServiceSpec[] ports =
        [
            .. new[] { "http", "https" }.Select(port => new ServiceSpec
            {
                Key = new ServiceKey("default", "web", port),
                Listens = [new ListenSpec { Address = Loopback.FreeEndPoint() }],
                Backends = [.. hosts.Select((host, i) => new BackendSpec { Address = Own(LoopbackBackend.Named((byte)i, IPAddress.Parse(host))).EndPoint })],
                Affinity = affinity,
            }),
        ];
        await StartAsync(ports);

        for (var client = 1; client <= 9; client++)
        {
            var address = $"127.0.9.{client}";
            var first = await VisitAsync(ports[client % 2], address);
            Assert.Equal(first, await VisitAsync(ports[0], address));
            Assert.Equal(first, await VisitAsync(ports[1], address));
        }
    }

    private async Task<(ServiceSpec Service, LoadBalancer Balancer)> StartNamedAsync(AffinitySpec affinity)
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2))];
        var service = Specs.Service(backends) with { Affinity = affinity };
        return (service, await StartAsync(service));
    }

    private static async Task<int> VisitAsync(ServiceSpec service, string from)
    {
        using var client = await TestConnection.ConnectAsync(service.Address, IPAddress.Parse(from));
        return (await client.ReceiveExactlyAsync(1))[0];
    }
}
