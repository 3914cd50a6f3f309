using System.Collections.Concurrent;
using System.Globalization;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Tests.Simulation;

namespace L4Lb.Lab.Tests.Reports;

/// <summary>
/// Shipped scenarios as the pages' readers run them, each once for all tests. <c>L4LB_LAB_SEEDS=101-110</c> has them with other seeds than
/// those that the pages were written by.
/// </summary>
internal static class ShippedRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<LabResult>>> s_results = new(StringComparer.Ordinal);

    public static Task<LabResult> OfAsync(string scenario) => s_results.GetOrAdd(scenario, static name => new(() => RunAsync(name))).Value;

    /// <summary>The scenario, with the seeds that are asked for.</summary>
    public static Scenario Find(string name)
    {
        var scenario = Sim.Read(ShippedScenarios.Find(name)!.Text);
        return Environment.GetEnvironmentVariable("L4LB_LAB_SEEDS")?.Split('-') is not [var first, var last]
            ? scenario
            : scenario with { Seeds = [.. Numbers(ulong.Parse(first, CultureInfo.InvariantCulture), ulong.Parse(last, CultureInfo.InvariantCulture))] };
    }

    // Provenance is that of the day; whatever else there is comes from the seeds.
    private static async Task<LabResult> RunAsync(string name) =>
        await Simulator.RunAsync(Find(name), Sim.Quick, cancellationToken: CancellationToken.None);

    private static IEnumerable<ulong> Numbers(ulong first, ulong last)
    {
        for (var number = first; number <= last; number++)
        {
            yield return number;
        }
    }
}
