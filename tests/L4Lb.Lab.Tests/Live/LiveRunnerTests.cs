using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Lab.Live;
using L4Lb.Lab.Results;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Live;

[Collection(LiveCollection.Name)]
public class LiveRunnerTests
{
    // What else the machine does adds some time to each request, however long that takes: less of it on a slower clock.
    private static readonly double[] s_timeScales = [1, 2, 4, 8];

    [Theory]
    [InlineData("rr")]
    [InlineData("random")]
    [InlineData("lc")]
    public async Task Live_and_simulated_agree_at_moderate_load(string scheduler)
    {
        var scenario = Sockets.Small(8, 3, scheduler);
        var was = await Sim.RunOneAsync(scenario);
        var found = new List<(double Median, double Mean, double Queue)>();
        foreach (var scale in s_timeScales.TakeWhile(_ => !found.Exists(IsClose)))
        {
            var live = await Sockets.RunOneAsync(scenario, new LiveOptions { TimeScale = scale });
            Assert.Equal((was.Requests, was.Requests, 0), (live.Requests, live.Completed, live.Errors));
            found.Add((
                live.Latency.Quantile(0.5) / was.Latency.Quantile(0.5), live.Latency.Mean / was.Latency.Mean,
                live.Shares.MeanQueue / was.Shares.MeanQueue));
        }

        Assert.True(found.Exists(IsClose), string.Join("; ", found));

        // The bounds that docs/lab.md states: the same arrivals and the same work, so that sockets, timers and a busy machine differ.
        static bool IsClose((double Median, double Mean, double Queue) ratio) =>
            ratio is { Median: > 0.9 and < 1.25, Mean: > 0.9 and < 1.25, Queue: > 0.85 and < 1.25 };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_request_is_answered_and_counted(bool isUdp)
    {
        var live = await Sockets.RunAsync(Sockets.Small(4, 1, "rr") with { Seeds = [1, 2] }, new LiveOptions { IsUdp = isUdp });

        Assert.Equal([1UL, 2], live.Of("rr").Runs.Select(static r => r.Seed));
        Assert.All(live.Of("rr").Runs, static run =>
        {
            Assert.InRange(run.Requests, 150, 400);
            Assert.Equal((run.Requests, 0), (run.Completed, run.Errors));
            Assert.Equal(run.Requests, run.Latency.Count);
            Assert.Equal(60, run.Intervals.Count);
            Assert.Equal(run.Requests, run.Intervals.Sum(static i => i.Requests));
            Assert.All(run.Intervals, static i => Assert.Equal(4, i.Eligible));
            Assert.Equal(["web-0", "web-1", "web-2", "web-3"], run.Backends.Select(static b => b.Name));
            Assert.All(run.Backends, static b => Assert.InRange(b.Share, 0.23, 0.27));
        });
        Assert.Equal(LabMode.Live, live.Schedulers[0].Mode);
        Assert.Contains(live.Notes, static n => n.StartsWith("Requests began ", StringComparison.Ordinal));
        Assert.Contains(live.Notes, static n => n.EndsWith("the error of emulated service times.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_come_from_addresses_of_their_own()
    {
        var scenario = Sockets.Small(4, 1, "sh") with { Clients = new ClientSpec(Count: 20) };
        var run = await Sockets.RunOneAsync(scenario);

        Assert.True(run.Stickiness!.Returns > 100);
        Assert.Equal(run.Stickiness.Returns, run.Stickiness.Kept);
        Assert.True(run.Backends.Count(static b => b.Requests > 0) >= 3);
    }

    [Fact]
    public async Task A_slower_clock_takes_longer_and_finds_the_same()
    {
        var scenario = Sockets.Small(2, 0.5, "rr") with
        {
            Backends = [new("web", 2, new DeterministicTime(0.02)) { Workers = 100 }],
            Arrivals = new EvenArrivals { Rate = 100 },
            WarmUp = TimeSpan.FromSeconds(0.1),
        };
        var result = await Sockets.RunAsync(scenario, new LiveOptions { TimeScale = 4 });

        Assert.InRange(result.Made.WallSeconds, 0.6 * 4, 60);
        Assert.InRange(result.Schedulers[0].Runs[0].Requests, 49, 51);
        Assert.InRange(result.Schedulers[0].Runs[0].Latency.Quantile(0.5), 19_900, 30_000);
    }

    [Fact]
    public async Task Another_balancer_is_driven_with_our_backends_behind_it()
    {
        const int Backends = 2;
        var (port, first) = (FreePort(), FreePort());
        await using var other = new LoadBalancer(new LoadBalancerOptions { Shards = 1 });
        other.Start();
        var applied = await other.ApplyAsync(
            new DesiredState
            {
                Services =
                [
                    new ServiceSpec
                    {
                        Key = new ServiceKey("a", "b", "c"),
                        Listens = [new ListenSpec { Address = new IPEndPoint(IPAddress.Loopback, port) }],
                        Backends = [.. Enumerable.Range(first, Backends).Select(static p => new BackendSpec { Address = new IPEndPoint(IPAddress.Loopback, p) })],
                    },
                ],
            },
            TestContext.Current.CancellationToken);
        Assert.True(applied.Accepted);

        var options = new LiveOptions { Target = new IPEndPoint(IPAddress.Loopback, port), BackendPort = first };
        var result = await Sockets.RunAsync(Sockets.Small(Backends, 0.5, "lc", "random"), options);

        var only = Assert.Single(result.Schedulers);
        Assert.Equal($"127.0.0.1:{port}", only.Scheduler);
        Assert.Equal(only.Runs[0].Requests, only.Runs[0].Completed);
        Assert.Contains("spec.service, spec.schedulers: the balancer at --target has its own rules", result.Notes);
    }

    [Fact]
    public async Task What_is_finished_is_kept_when_it_is_ended()
    {
        using var stop = new CancellationTokenSource();
        var scenario = Sockets.Small(2, 0.3, "rr", "lc") with { WarmUp = TimeSpan.Zero, Seeds = [1, 2, 3] };
        var progress = new Until(part =>
        {
            if (part > 0.4)
            {
                stop.Cancel();
            }
        });

        var result = await LiveRunner.RunAsync(scenario, new LiveOptions(), progress, stop.Token);

        Assert.InRange(result.Schedulers.Sum(static s => s.Runs.Count), 2, 5);
        Assert.Equal(1UL, result.Of("rr").Runs[0].Seed);
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private sealed class Until(Action<double> look) : IProgress<LabProgress>
    {
        public void Report(LabProgress value) => look(value.Part);
    }
}
