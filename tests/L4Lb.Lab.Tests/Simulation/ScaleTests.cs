namespace L4Lb.Lab.Tests.Simulation;

/// <summary>
/// How fast it is: 10,000 backends and 100 million requests, in minutes on two cores. Run by hand, on a machine that does nothing else:
/// <c>L4Lb.Lab.Tests -explicit only -class '*ScaleTests' -showLiveOutput</c>.
/// </summary>
public sealed class ScaleTests
{
    private const long Requests = 100_000_000;

    [Theory(Explicit = true)]
    [InlineData("rr")]
    [InlineData("p2c")]
    [InlineData("maglev")]
    [InlineData("ewma")]
    public async Task TenThousandBackends(string scheduler)
    {
        var before = Environment.CpuUsage.TotalTime;
        var result = await Sim.RunAsync(Sim.Queues(10_000, 0.9, 0, 10, seeds: 2, scheduler) with { Requests = Requests / 2 });

        var seconds = result.Made.WallSeconds;
        TestContext.Current.SendDiagnosticMessage(
            $"{scheduler}: {result.Made.Events:N0} events in {seconds:F0} s: {result.Made.Events / seconds:N0} per second, {result.Made.Events / (Environment.CpuUsage.TotalTime - before).TotalSeconds:N0} per second of a core");
        Assert.InRange(result.Schedulers.Single().Runs.Sum(static r => r.Requests), 0.999 * Requests, 1.001 * Requests);
        Assert.InRange(seconds, 0, 600);
    }
}
