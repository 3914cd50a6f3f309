namespace L4Lb.Engine.FunctionalTests;

/// <summary>A backend that refuses connections is found out by the sessions themselves, and no client notices.</summary>
public sealed class PassiveHealthSparesClients : FunctionalTest
{
    private readonly HealthRecorder _health = new();

    [Fact]
    public async Task A_backend_that_refuses_is_ejected_and_returns()
    {
        var (refusing, echo) = (Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Echo()));
        var service = Specs.Service(refusing, echo) with
        {
            Health = new HealthSpec
            {
                Outlier = new OutlierSpec { ConsecutiveFailures = 3, BaseEjection = TimeSpan.FromMilliseconds(1500) },
            },
        };
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);

        for (var i = 0; i < 10; i++)
        {
            await VisitAsync(service);
        }

        var ejected = await _health.WaitAsync(refusing, HealthState.Ejected);
        Assert.Matches("^[0-9]+ connects in a row failed$", ejected.Reason);
        await Eventually.EqualsAsync(0.0, () => balancer.GetServices()[0].Backends[0].EffectiveWeight, "the ejected one's weight");
        var failures = balancer.GetServices()[0].Backends[0].ConnectFailures;
        refusing.StartEcho();

        var back = await _health.WaitAsync(refusing, HealthState.Unchecked, ejected.AtUtc);
        Assert.InRange(back.AtUtc - ejected.AtUtc, TimeSpan.FromMilliseconds(1450), TimeSpan.FromSeconds(10));
        await Eventually.EqualsAsync(1.0, () => balancer.GetServices()[0].Backends[0].EffectiveWeight, "the returned one's weight");
        var total = refusing.Accepted;
        for (var i = 0; i < 4; i++)
        {
            await VisitAsync(service);
        }

        Assert.Equal(total + 2, refusing.Accepted);
        var status = balancer.GetServices()[0].Backends[0];
        Assert.Equal((failures, 1L), (status.ConnectFailures, status.Health.Ejections));
        Assert.All(Log.Records, record => Assert.True(record.Reason is CloseReason.Completed or CloseReason.ClientReset, $"{record}"));
    }

    [Fact]
    public async Task Ejected_alone_it_is_used_all_the_same()
    {
        var refusing = Own(LoopbackBackend.Refuses());
        var service = Specs.Service(refusing) with
        {
            Health = new HealthSpec { Outlier = new OutlierSpec { ConsecutiveFailures = 1, BaseEjection = TimeSpan.FromMinutes(1) } },
        };
        await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        await _health.WaitAsync(refusing, HealthState.Ejected);

        refusing.StartEcho();

        await VisitAsync(service);
    }

    private static async Task VisitAsync(ServiceSpec service)
    {
        using var client = await TestConnection.ConnectAsync(service.Address);
        Assert.Equal([7, 8], await client.ExchangeAsync(new byte[] { 7, 8 }));
    }
}
