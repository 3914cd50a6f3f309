using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>A client address that does too much is reset before anything else is done for it, and others are served.</summary>
public sealed class SourceLimitsHold : FunctionalTest
{
    private static readonly IPAddress s_busy = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress s_other = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task On_new_sessions_within_a_period()
    {
        var (service, backend, balancer) = await StartAsync(new SourceLimitSpec { MaxNewSessions = 3, Period = TimeSpan.FromMinutes(10) });

        for (var i = 0; i < 3; i++)
        {
            (await ServedAsync(service, s_busy)).Dispose();
        }

        await RefusedAsync(service, s_busy);
        await RefusedAsync(service, s_busy);
        (await ServedAsync(service, s_other)).Dispose();

        var refused = (await Log.WaitAsync(6)).Where(record => record.Reason == CloseReason.SourceLimited).ToArray();
        Assert.Equal(2, refused.Length);
        Assert.All(refused, record => Assert.Equal((0, null), (record.Attempts, record.Backend)));
        Assert.Equal(4, backend.Accepted);
        Assert.Equal((4L, new SourceStatus(Count: 2, Denied: 0, Active: 0, Refused: 2)), Status(balancer));
    }

    [Fact]
    public async Task On_concurrent_sessions_whatever_shard_they_are_on()
    {
        var (service, _, balancer) = await StartAsync(new SourceLimitSpec { MaxSessions = 4 });
        var first = await ServedAsync(service, s_busy);
        for (var i = 0; i < 3; i++)
        {
            await ServedAsync(service, s_busy);
        }

        await RefusedAsync(service, s_busy);
        await ServedAsync(service, s_other);
        first.Dispose();
        await Eventually.EqualsAsync(4, () => balancer.GetServices()[0].Active, "the number of sessions");
        await ServedAsync(service, s_busy);
        await RefusedAsync(service, s_busy);
        Assert.Equal((6L, new SourceStatus(Count: 2, Denied: 0, Active: 5, Refused: 2)), Status(balancer));
    }

    [Fact]
    public async Task And_denies_altogether_for_a_while()
    {
        var (service, _, balancer) = await StartAsync(new SourceLimitSpec { MaxSessions = 1, DenyFor = TimeSpan.FromMilliseconds(400) });
        var client = await ServedAsync(service, s_busy);
        await RefusedAsync(service, s_busy);
        client.Dispose();
        await Eventually.EqualsAsync(0, () => balancer.GetServices()[0].Active, "the number of sessions");

        // It has none open by now, and is refused all the same; but not for ever.
        await RefusedAsync(service, s_busy);
        await Eventually.EqualsAsync(0, () => balancer.GetServices()[0].Sources!.Denied, "the number of denied");
        await ServedAsync(service, s_busy);
    }

    [Fact]
    public async Task Over_reloads_that_may_change_them()
    {
        var limits = new SourceLimitSpec { MaxNewSessions = 2, Period = TimeSpan.FromMinutes(10) };
        var (service, _, balancer) = await StartAsync(limits);
        await ServedAsync(service, s_busy);
        await ServedAsync(service, s_busy);

        await ApplyAsync(balancer, service.WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromSeconds(99) }));
        await RefusedAsync(service, s_busy);
        await ApplyAsync(balancer, service.WithLimits(new LimitSpec { PerSource = limits with { MaxNewSessions = 3 } }));
        await ServedAsync(service, s_busy);
        await RefusedAsync(service, s_busy);
        await ApplyAsync(balancer, service.WithLimits(LimitSpec.None));
        await ServedAsync(service, s_busy);
        Assert.Null(balancer.GetServices()[0].Sources);
    }

    [Fact]
    public async Task While_denied_ranges_are_for_ever()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1)));
        service = service with
        {
            Listens = [service.Listens[0] with { SourceRanges = [IPNetwork.Parse("127.0.0.0/8")], DeniedRanges = [IPNetwork.Parse("127.0.0.2/32")] }],
        };
        await StartAsync(service);

        await RefusedAsync(service, s_busy);
        await ServedAsync(service, s_other);
        Assert.Equal(CloseReason.SourceDenied, (await Log.SingleAsync()).Reason);
    }

    private static (long Total, SourceStatus? Sources) Status(LoadBalancer balancer)
    {
        var status = balancer.GetServices()[0];
        return (status.Total, status.Sources);
    }

    private static async Task RefusedAsync(ServiceSpec service, IPAddress client) =>
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address, client));

    private async Task<(ServiceSpec Service, LoopbackBackend Backend, LoadBalancer Balancer)> StartAsync(SourceLimitSpec limits)
    {
        var backend = Own(LoopbackBackend.Named(1));
        var service = Specs.Service(backend).WithLimits(new LimitSpec { PerSource = limits });
        return (service, backend, await base.StartAsync(service));
    }

    private async Task<TestConnection> ServedAsync(ServiceSpec service, IPAddress client)
    {
        var connection = await ConnectAsync(service, client);
        Assert.Equal([1], await connection.ReceiveExactlyAsync(1));
        return connection;
    }
}
