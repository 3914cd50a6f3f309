using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;

namespace L4Lb.Lab.Tests.Scenarios;

public sealed class ShippedScenariosTests
{
    public static TheoryData<string> Names => [.. ShippedScenarios.All.Select(static shipped => shipped.Name)];

    [Fact]
    public void ThereAreADozen() => Assert.InRange(ShippedScenarios.All.Count, 12, 100);

    [Theory]
    [MemberData(nameof(Names))]
    public void EachReadsAndSaysWhatItShows(string name)
    {
        var scenario = Sim.Read(ShippedScenarios.Find(name)!.Text);

        Assert.Equal(name, scenario.Name);
        Assert.InRange(scenario.Description.Length, 60, 400);
        Assert.InRange(scenario.Schedulers.Count, 2, 10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachRuns(string name)
    {
        var scenario = Sim.Read(ShippedScenarios.Find(name)!.Text);
        var result = await Sim.RunAsync(scenario with { Seeds = [1] });

        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {result.Made.Events:N0} events in {result.Made.WallSeconds:F2} s");
        foreach (var (text, _, runs) in result.Schedulers)
        {
            var run = runs[0];
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"  {text,-18} mean {run.Latency.Mean / 1000,9:F2} ms  p99 {run.Latency.Quantile(0.99) / 1000,9:F1} ms  max/mean {run.Shares.MaxOverMean:F3}  queue {run.Shares.MeanQueue:F2}/{run.Shares.MaxQueue}  errors {run.Errors}  retries {run.Retries}  kept {(double?)run.Stickiness?.Kept / run.Stickiness?.Returns:P1}  moved {run.Changes.Sum(static c => c.Moved):F2} needed {run.Changes.Sum(static c => c.Needed):F2}");
        }

        Assert.All(result.Schedulers, static s => Assert.All(s.Runs, static run =>
        {
            Assert.InRange(run.Requests, 100, long.MaxValue);
            Assert.Equal(run.Requests, run.Completed + run.Errors);
        }));
    }
}
