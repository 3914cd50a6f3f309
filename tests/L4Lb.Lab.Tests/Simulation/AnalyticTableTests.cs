using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Simulation;

/// <summary>
/// Poisson arrivals, exponential work of mean 1 and equal backends: mean response times that are known. Random is M/M/1:
/// 1/(1−λ). Round robin gives each of n every n-th arrival, which is E_n/M/1: 1/(1−σ) with σ = (nλ/(nλ + 1 − σ))^n, and for
/// large n D/M/1. d choices are Σ λ^((d^i − d)/(d − 1)) for n → ∞ (Mitzenmacher, "The Power of Two Choices in Randomized Load
/// Balancing", 1996; Vvedenskaya, Dobrushin, Karpelevich, 1996).
/// </summary>
public sealed class AnalyticTableTests
{
    [Theory]
    [InlineData("random", 0.5, 2.000)]
    [InlineData("random", 0.7, 3.333)]
    [InlineData("random", 0.8, 5.000)]
    [InlineData("random", 0.9, 10.00)]
    [InlineData("rr", 0.5, 1.255)]
    [InlineData("rr", 0.7, 1.876)]
    [InlineData("rr", 0.8, 2.693)]
    [InlineData("rr", 0.9, 5.179)]
    [InlineData("p2c", 0.5, 1.266)]
    [InlineData("p2c", 0.7, 1.614)]
    [InlineData("p2c", 0.8, 1.947)]
    [InlineData("p2c", 0.9, 2.614)]
    [InlineData("p2c", 0.95, 3.383)]
    [InlineData("p2c", 0.99, 5.432)]
    [InlineData("p2c,choices=3", 0.5, 1.125)]
    [InlineData("p2c,choices=3", 0.7, 1.357)]
    [InlineData("p2c,choices=3", 0.8, 1.581)]
    [InlineData("p2c,choices=3", 0.9, 2.028)]
    [InlineData("p2c,choices=3", 0.95, 2.535)]
    [InlineData("p2c,choices=3", 0.99, 3.858)]
    public async Task MeansOfAThousandAreWithinTwoPercent(string scheduler, double load, double expected)
    {
        var hasTail = scheduler is "random" or "rr";
        var warmUp = Sim.Unit * (hasTail ? 3 : 0.025) * RelaxationAt(load);
        var result = await Sim.RunAsync(Sim.Queues(1000, load, Math.Max(50, warmUp), Math.Max(5, warmUp), seeds: 2, scheduler));

        Say(result, load, expected);
        Assert.InRange(result.Schedulers[0].MeanResponse(), expected * 0.98, expected * 1.02);
    }

    /// <summary>
    /// Near saturation the variance of a mean is that of a walk which forgets in 1/(1−√λ)² times of its work: 1 % would take
    /// billions of requests. So here what is expected must be within the 99 % confidence interval over seeds, and not far from the mean.
    /// </summary>
    [Theory]
    [InlineData("random", 0.95, 100, 20.00)]
    [InlineData("random", 0.99, 20, 100.0)]
    [InlineData("rr", 0.95, 100, 10.17)]
    [InlineData("rr", 0.99, 20, 50.17)]
    public async Task MeansNearSaturationAreWithinTheirInterval(string scheduler, double load, int backends, double table)
    {
        const double Student = 4.032; // 99 %, two-sided, 5 degrees of freedom
        var expected = scheduler == "random" ? 1 / (1 - load) : RoundRobin(load, backends);
        Assert.InRange(scheduler == "random" ? expected : RoundRobin(load, 100_000), table * 0.999, table * 1.001);
        var time = Sim.Unit * (load < 0.99 ? 2.5 : 1.5) * RelaxationAt(load);
        var result = await Sim.RunAsync(Sim.Queues(backends, load, time, time, seeds: 6, scheduler));

        Say(result, load, expected);
        var means = MeansOf(result);
        var mean = means.Average();
        var half = Student * Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (means.Length - 1) / means.Length);
        Assert.InRange(expected, mean - half, mean + half);
        Assert.InRange(mean, 0.8 * expected, 1.2 * expected);
    }

    private static double RelaxationAt(double load) => Math.Pow(1 - Math.Sqrt(load), -2);

    private static double RoundRobin(double load, int backends)
    {
        var sigma = load;
        for (var i = 0; i < 100_000; i++)
        {
            sigma = Math.Pow(backends * load / ((backends * load) + 1 - sigma), backends);
        }

        return 1 / (1 - sigma);
    }

    private static double[] MeansOf(LabResult result) =>
        [.. result.Schedulers[0].Runs.Select(static run => run.Latency.Mean / (Sim.Unit * 1e6))];

    private static void Say(LabResult result, double load, double expected) => TestContext.Current.TestOutputHelper!.WriteLine(
        $"{result.Schedulers[0].Scheduler} at {load}: expected {expected:F3}, simulated {MeansOf(result).Average():F3} ({string.Join(" ", MeansOf(result).Select(m => $"{m:F2}"))}); {result.Made.Events:N0} events in {result.Made.WallSeconds:F1} s");
}
