using L4Lb.Lab.Results;

namespace L4Lb.Lab.Simulation;

/// <summary>How much some numbers differ.</summary>
/// <param name="CoefficientOfVariation">Standard deviation (of all, not of a sample) over mean; 0 when that is 0.</param>
/// <param name="MaxOverMean">The largest over the mean; 0 when that is 0.</param>
/// <param name="MinOverMean">The smallest over the mean; 0 when that is 0.</param>
internal readonly record struct Spread(double CoefficientOfVariation, double MaxOverMean, double MinOverMean)
{
    internal static Spread Of(IEnumerable<double> numbers)
    {
        double[] all = [.. numbers];
        var mean = all.Length == 0 ? 0 : all.Average();
        return mean == 0
            ? default
            : new Spread(Math.Sqrt(all.Average(x => (x - mean) * (x - mean))) / mean, all.Max() / mean, all.Min() / mean);
    }
}

/// <summary>Sums up what was measured of the servers. Pure.</summary>
internal static class ShareSummary
{
    // What is rarer than this is left off the end of the distribution of queue lengths.
    private const double Rarest = 1e-9;

    /// <param name="servers">Measured.</param>
    /// <param name="timeAt">Time that servers had so many requests, summed over them.</param>
    internal static ShareResult SharesOf(Server[] servers, double[] timeAt)
    {
        var spread = Spread.Of(servers.Where(static s => DueOf(s) > 0).Select(static s => s.Measure.Given / DueOf(s)));
        var (present, all) = (servers.Sum(static s => (double)s.Measure.PresentTime), timeAt.Sum());
        var lengths = new List<double>();
        for (var (length, left) = (0, all); length < timeAt.Length && left > all * Rarest; length++)
        {
            lengths.Add(left / all);
            left -= timeAt[length];
        }

        return new ShareResult(
            spread.CoefficientOfVariation, spread.MaxOverMean, spread.MinOverMean,
            present == 0 ? 0 : servers.Sum(static s => s.Measure.Queue) / present, servers.Max(static s => s.Measure.Most), lengths);
    }

    /// <summary>All of them, or those whose share differs most from what they are due.</summary>
    internal static IReadOnlyList<BackendResult> BackendsOf(Server[] servers, BackendLatencies latencies)
    {
        var (given, due) = (Math.Max(1, servers.Sum(static s => s.Measure.Given)), Math.Max(1e-9, servers.Sum(DueOf)));
        return
        [
            .. servers.Where(static s => s.Measure.PresentTime > 0)
                .OrderByDescending(s => Math.Abs(((double)s.Measure.Given / given) - (DueOf(s) / due)))
                .ThenBy(static s => s.Id)
                .Take(RunResult.BackendsMax)
                .OrderBy(static s => s.Id)
                .Select(s => new BackendResult(
                    s.Name, s.Group.Weight, s.Measure.Given, (double)s.Measure.Given / given, DueOf(s) / due,
                    s.Measure.BusyTime / s.Measure.PresentTime / s.Group.Workers, s.Measure.Queue / s.Measure.PresentTime, s.Measure.Most,
                    latencies.P99(s.Id), s.Measure.Failed)),
        ];
    }

    /// <summary>What a server is due, in units that only compare: its weight for as long as it was there.</summary>
    private static double DueOf(Server server) => (double)server.Group.Weight * server.Measure.PresentTime / VirtualTime.PerSecond;
}
