using System.Diagnostics;
using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Ten thousand backends are checked by one loop and a bounded set of probes, beside the traffic.</summary>
public sealed class ManyBackendsAreChecked : FunctionalTest
{
    private const int Backends = 10_000;

    [Fact]
    public async Task Each_in_its_interval()
    {
        var server = Own(LoopbackBackend.Serving(static async connection => await connection.ReceiveToEndAsync(), IPAddress.Any));
        var service = Specs.Service() with
        {
            Backends =
            [
                .. Enumerable.Range(0, Backends).Select(i => new BackendSpec
                {
                    Address = new IPEndPoint(new IPAddress([127, 1, (byte)(i / 200), (byte)(1 + (i % 200))]), server.EndPoint.Port),
                }),
            ],
            Health = new HealthSpec { Probe = new ProbeSpec { Kind = ProbeKind.Tcp, Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(9) } }, // One server for all may be slow.
        };
        var started = Stopwatch.GetTimestamp();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var health = new HealthRecorder();
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = health }, service);

        await Eventually.HoldsAsync(
            () => health.Changes.Count == Backends, () => $"{health.Changes.Count} are checked", TimeSpan.FromSeconds(60));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"all up after {Stopwatch.GetElapsedTime(started)}, {Process.GetCurrentProcess().TotalProcessorTime - cpu} of CPU, both ends");
        Assert.All(
            balancer.GetServices()[0].Backends, backend => Assert.Equal((HealthState.Up, 0L), (backend.Health.State, backend.Health.ChecksFailed)));
    }
}
