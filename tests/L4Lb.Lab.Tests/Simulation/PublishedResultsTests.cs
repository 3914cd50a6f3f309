using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Simulation;

/// <summary>What is known of schedulers from papers, found again by simulation.</summary>
public sealed class PublishedResultsTests
{
    /// <summary>
    /// The part of queues with at least k requests is λ^k with one choice and λ^(2^k − 1) with two: doubly exponential
    /// (Mitzenmacher, 1996), so the longest of n grows like log n and like log log n.
    /// </summary>
    [Fact]
    public async Task TwoChoicesMakeLongQueuesDoublyRare()
    {
        const double Load = 0.9;
        var result = await Sim.RunAsync(Sim.Queues(1000, Load, 120, 40, seeds: 2, "random", "p2c"));

        var (one, two) = (result.Of("random").Runs, result.Of("p2c").Runs);
        for (var k = 1; k <= 5; k++)
        {
            Assert.InRange(PartWith(one, k), Math.Pow(Load, k) * 0.97, Math.Pow(Load, k) * 1.03);
            var expected = Math.Pow(Load, Math.Pow(2, k) - 1);
            Assert.InRange(PartWith(two, k), expected * 0.93, expected * 1.07);
        }

        Assert.InRange(two.Max(static run => run.Shares.MaxQueue), 4, 10);
        Assert.InRange(one.Min(static run => run.Shares.MaxQueue), 40, 500);
    }

    /// <summary>The queue of all, M/M/n, is the least that any can do (Erlang's C); who sees every count comes between.</summary>
    [Theory]
    [InlineData("lc", 100, 0.9, 1.022)]
    [InlineData("wlc", 100, 0.9, 1.022)]
    [InlineData("lc", 100, 0.95, 1.101)]
    [InlineData("lc", 10, 0.9, 1.669)]
    [InlineData("lc", 10, 0.95, 2.651)]
    public async Task FewestSessionsLiesBetweenOneQueueAndTwoChoices(string scheduler, int backends, double load, double oneQueue)
    {
        var result = await Sim.RunAsync(Sim.Queues(backends, load, 40_000.0 / backends, 4000.0 / backends, seeds: 3, scheduler, "p2c"));

        Assert.InRange(result.Of(scheduler).MeanResponse(), oneQueue * 0.99, result.Of("p2c").MeanResponse());
    }

    /// <summary>One backend with n workers is that one queue.</summary>
    [Theory]
    [InlineData(10, 0.5, 1.007)]
    [InlineData(10, 0.9, 1.669)]
    [InlineData(10, 0.95, 2.651)]
    [InlineData(100, 0.9, 1.022)]
    [InlineData(100, 0.95, 1.101)]
    public async Task WorkersOfOneBackendAreOneQueue(int workers, double load, double expected)
    {
        var scenario = Sim.Queues(1, load, (workers == 10 && load == 0.95 ? 200_000.0 : 50_000.0) / workers, 5_000.0 / workers, seeds: 4, "rr") with
        {
            Backends = [new BackendGroup("web", 1, new ExponentialTime(Sim.Unit)) { Workers = workers }],
        };
        var result = await Sim.RunAsync(scenario);

        Assert.InRange(result.Schedulers[0].MeanResponse(), expected * 0.98, expected * 1.02);
        Assert.InRange(result.Schedulers[0].Runs[0].Backends[0].Utilization, load * 0.98, load * 1.02);
    }

    /// <summary>
    /// With old counts the least of all is the worst choice, since everybody makes it; two choices are robust (Mitzenmacher,
    /// "How Useful Is Old Information?", 2000).
    /// </summary>
    [Fact]
    public async Task OldCountsMakeAHerdOfThoseWhoTakeTheLeastOfAll()
    {
        var scenario = Sim.Read(ShippedScenarios.Find("herd")!.Text) with { Seeds = [1, 2] };
        var stale = await Sim.RunAsync(scenario);
        var fresh = await Sim.RunAsync(scenario with { Balancers = new BalancerSpec(1) });

        Assert.InRange(fresh.Of("lc").MeanResponse(), 0, fresh.Of("p2c").MeanResponse());
        Assert.InRange(stale.Of("lc").MeanResponse(), 2 * stale.Of("random").MeanResponse(), double.MaxValue);
        Assert.InRange(stale.Of("p2c").MeanResponse(), 0, stale.Of("lc").MeanResponse() / 2);
    }

    /// <summary>Balancers that count alone see a part: the fewest sessions is then worth less, and taking turns costs nothing.</summary>
    [Fact]
    public async Task ManyBalancersThatCountAloneLoseMostOfWhatCountingIsWorth()
    {
        var scenario = Sim.Read(ShippedScenarios.Find("partial-view")!.Text) with { Seeds = [1, 2] };
        var (many, one) = (await Sim.RunAsync(scenario), await Sim.RunAsync(scenario with { Balancers = new BalancerSpec(1) }));

        Assert.InRange(many.Of("lc").MeanResponse(), 1.5 * one.Of("lc").MeanResponse(), double.MaxValue);
        Assert.InRange(many.Of("random").MeanResponse(), 0.95 * one.Of("random").MeanResponse(), 1.05 * one.Of("random").MeanResponse());
    }

    /// <summary>
    /// Peak EWMA leaves a backend that got slow (Buoyant, "Beyond Round Robin", 2016: success rates with one slow of several
    /// under round robin, fewest requests and peak EWMA).
    /// </summary>
    [Fact]
    public async Task MeasuringTimeAvoidsTheSlowBackend()
    {
        var scenario = Sim.Read(ShippedScenarios.Find("slow-node")!.Text) with { Seeds = [1, 2] };
        var result = await Sim.RunAsync(scenario);

        double WhileSlow(string scheduler) => result.Of(scheduler).Runs.Average(
            static run => run.Intervals.Where(static i => i.StartSeconds is > 12 and < 19).Average(static i => i.P99Micros));
        Assert.InRange(WhileSlow("rr"), 5 * WhileSlow("ewma"), double.MaxValue);
        Assert.InRange(WhileSlow("lc"), WhileSlow("ewma"), WhileSlow("rr"));
        Assert.InRange(result.Of("ewma").Runs[0].Backends[0].Share, 0, 0.08);
        Assert.InRange(result.Of("rr").Runs[0].Backends[0].Share, 0.099, 0.101);
    }

    private static double PartWith(IEnumerable<RunResult> runs, int length) =>
        runs.Average(run => length < run.Shares.QueueLengths.Count ? run.Shares.QueueLengths[length] : 0);
}
