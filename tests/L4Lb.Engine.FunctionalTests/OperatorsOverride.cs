using System.Diagnostics;
using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Weights and drains set at run time hold at once, and for as long as what they are about stays as it is.</summary>
public sealed class OperatorsOverride : FunctionalTest
{
    private static readonly IPEndPoint s_nobody = IPEndPoint.Parse("127.0.0.1:1");

    [Fact]
    public async Task Weights_shift_the_shares_under_load_within_a_second()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1))];
        var service = Specs.Service(backends) with { Scheduler = new SchedulerSpec("wrr") };
        var balancer = await StartAsync(service);
        var served = new int[2];
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => LoadAsync()).ToArray();
        await Eventually.HoldsAsync(() => served.Sum() > 200, () => "there is no load");

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(OverrideResult.Done, await balancer.SetWeightAsync(service.Key, backends[0].EndPoint, 9));
        var took = Stopwatch.GetElapsedTime(started);
        var before = served.ToArray();
        await Eventually.HoldsAsync(() => served.Sum() - before.Sum() >= 500, () => "there is no load");
        int[] after = [served[0] - before[0], served[1] - before[1]];

        // 9 : 1, but for the few that were chosen before.
        Assert.InRange(after[0] / (double)after.Sum(), 0.88, 0.92);
        Assert.True(took < TimeSpan.FromSeconds(1), $"it took {took}");

        Assert.Equal(OverrideResult.Done, await balancer.SetWeightAsync(service.Key, backends[0].EndPoint, 0));
        before = [.. served];
        await Eventually.HoldsAsync(() => served.Sum() - before.Sum() >= 100, () => "there is no load");
        Assert.InRange(served[0] - before[0], 0, 4);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.All(Log.Records, record => Assert.Equal(CloseReason.Completed, record.Reason));

        async Task LoadAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                using var client = await TestConnection.ConnectAsync(service.Address);
                Interlocked.Increment(ref served[(await client.ReceiveExactlyAsync(1))[0]]);
            }
        }
    }

    [Fact]
    public async Task A_drained_backend_keeps_its_sessions_and_gets_no_more_until_it_is_enabled()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1))];
        var service = Specs.Service(backends);
        var balancer = await StartAsync(service);
        TestConnection[] old = [await ConnectAsync(service), await ConnectAsync(service)];
        var names = new[] { await old[0].ReceiveExactlyAsync(1), await old[1].ReceiveExactlyAsync(1) }.Select(name => name[0]);
        Assert.Equal(new byte[] { 0, 1 }, names.Order());

        Assert.Equal(OverrideResult.Done, await balancer.SetDrainAsync(service.Key, backends[0].EndPoint, isDrained: true));
        Assert.Equal([1, 1, 1, 1], await NamesAsync(service, 4));
        Assert.Equal([7], await old[0].ExchangeAsync(new byte[] { 7 }));
        Assert.Equal([7], await old[1].ExchangeAsync(new byte[] { 7 }));
        var status = balancer.GetServices()[0].Backends;
        Assert.Equal((true, 0, 1), (status[0].IsDrained, status[0].EffectiveWeight, status[0].Active));
        Assert.Equal((false, 1), (status[1].IsDrained, status[1].EffectiveWeight));

        Assert.Equal(OverrideResult.Done, await balancer.SetDrainAsync(service.Key, backends[0].EndPoint, isDrained: false));
        Assert.Equal(new byte[] { 0, 0, 1, 1 }, (await NamesAsync(service, 4)).Order());
    }

    [Fact]
    public async Task When_all_are_drained_the_kernel_refuses_and_when_one_is_not_it_listens()
    {
        var backend = Own(LoopbackBackend.Named(1));
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);

        await balancer.SetDrainAsync(service.Key, backend.EndPoint, isDrained: true);
        Assert.True(await TestConnection.IsRefusedAsync(service.Address));
        await balancer.SetDrainAsync(service.Key, backend.EndPoint, isDrained: false);
        Assert.Equal([1], await NamesAsync(service, 1));
    }

    [Fact]
    public async Task They_survive_a_reload_of_what_did_not_change_and_end_with_what_did()
    {
        LoopbackBackend[] backends = [Own(LoopbackBackend.Named(0)), Own(LoopbackBackend.Named(1))];
        var service = Specs.Service(backends);
        var balancer = await StartAsync(service);
        await balancer.SetWeightAsync(service.Key, backends[0].EndPoint, 5);
        await balancer.SetDrainAsync(service.Key, backends[0].EndPoint, isDrained: true);
        await balancer.SetWeightAsync(service.Key, backends[1].EndPoint, 7);

        // Another service, another setting, another backend, another backend's weight: nothing that they are about.
        var third = Own(LoopbackBackend.Named(2));
        await ApplyAsync(balancer, service, Specs.Service("other", Loopback.FreeEndPoint(), third));
        service = service.WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromSeconds(99) });
        await ApplyAsync(balancer, service);
        service = service.With([.. backends, third]);
        await ApplyAsync(balancer, service);
        Assert.Equal([(5, true, 0), (7, false, 7), (null, false, 1)], Set(balancer));

        // A desired weight that changes is what its owner wants now; a drain is not about the weight.
        service = service with { Backends = [service.Backends[0] with { Weight = 3 }, service.Backends[1], service.Backends[2]] };
        await ApplyAsync(balancer, service);
        Assert.Equal([(null, true, 0), (7, false, 7), (null, false, 1)], Set(balancer));

        // Lifting a weight gives the desired one back; a backend that was removed comes back as it is asked for.
        await balancer.SetDrainAsync(service.Key, backends[0].EndPoint, isDrained: false);
        await balancer.SetWeightAsync(service.Key, backends[0].EndPoint, 9);
        await balancer.SetWeightAsync(service.Key, backends[0].EndPoint, null);
        var holdsItself = await ConnectAsync(service);
        await holdsItself.ReceiveExactlyAsync(1);
        await ApplyAsync(balancer, service with { Backends = [service.Backends[0]] });
        await ApplyAsync(balancer, service);
        Assert.Equal([(null, false, 3), (null, false, 1), (null, false, 1)], Set(balancer));
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(0)));
        var balancer = await StartAsync(service);
        var unknown = service.Key with { Name = "nope" };

        Assert.Equal(OverrideResult.UnknownService, await balancer.SetWeightAsync(unknown, service.Backends[0].Address, 1));
        Assert.Equal(OverrideResult.UnknownBackend, await balancer.SetWeightAsync(service.Key, s_nobody, 1));
        Assert.Equal(OverrideResult.UnknownService, await balancer.SetDrainAsync(unknown, service.Backends[0].Address, isDrained: true));
        Assert.Equal(OverrideResult.UnknownBackend, await balancer.SetDrainAsync(service.Key, s_nobody, isDrained: true));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await balancer.SetWeightAsync(service.Key, s_nobody, -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await balancer.SetWeightAsync(service.Key, s_nobody, 65536));
    }

    private static (int? Weight, bool IsDrained, double Effective)[] Set(LoadBalancer balancer) =>
        [.. balancer.GetServices().Single(status => status.Spec.Key.Name == "web").Backends
            .Select(backend => (backend.WeightOverride, backend.IsDrained, backend.EffectiveWeight))];

    private static async Task<byte[]> NamesAsync(ServiceSpec service, int clients)
    {
        var names = new byte[clients];
        for (var i = 0; i < clients; i++)
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            names[i] = (await client.ReceiveExactlyAsync(1))[0];
        }

        return names;
    }
}
