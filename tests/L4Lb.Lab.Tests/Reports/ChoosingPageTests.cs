using System.Text.RegularExpressions;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;
using L4Lb.Testing;

namespace L4Lb.Lab.Tests.Reports;

/// <summary>Holds "choosing a scheduler" to runs of the scenarios that it names.</summary>
public sealed partial class ChoosingPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs/choosing-a-scheduler.md"));

    public static TheoryData<string> Claims { get; } = [.. Claim().Matches(s_page).Select(static m => m.Groups["claim"].Value)];

    /// <summary>Each is better than the next by more than chance; with =, no more than chance tells them apart.</summary>
    [Theory]
    [MemberData(nameof(Claims))]
    public async Task What_it_claims_holds(string claim)
    {
        var parts = claim.Split(": ");
        var result = await ShippedRuns.OfAsync(parts[0]);
        var measure = parts.Length == 3 ? Measures.All.Single(m => m.Name == parts[1]) : Measures.P99;
        var (sign, expected) = parts[^1].Contains(" = ", StringComparison.Ordinal) ? (" = ", Verdict.Same) : (" < ", Verdict.Better);
        var schedulers = parts[^1].Split(sign).Select(name => result.Schedulers.Single(s => s.Scheduler == name)).ToList();
        foreach (var (better, worse) in schedulers.Zip(schedulers.Skip(1)))
        {
            var difference = Difference.Of(measure, worse, better, sharesChance: true)!;
            Assert.True(
                difference.Verdict == expected,
                $"{better.Scheduler} {difference.After.Mean} ± {difference.After.HalfWidth}, {worse.Scheduler} {difference.Before.Mean} ± {difference.Before.HalfWidth}: "
                    + $"{difference.Verdict}, {difference.Relative} ± {difference.RelativeHalfWidth}");
        }
    }

    /// <summary>
    /// Little's law has users, rate and latency hang together: N = X (R + Z). More users than the backends can serve are answered late by
    /// no more than it takes for all of them; who asks without waiting is answered later and later.
    /// </summary>
    [Fact]
    public async Task Users_who_wait_hide_that_there_are_too_many()
    {
        var closed = ShippedRuns.Find("closed-loop");
        var arrivals = Assert.IsType<ClosedArrivals>(closed.Arrivals);
        var demand = arrivals.Users / (arrivals.Think.Mean + closed.Backends[0].Work.Mean);
        Assert.True(demand > closed.Capacity, "it is no overload");
        var open = await Sim.RunAsync(closed with { Arrivals = new PoissonArrivals { Rate = demand } });
        foreach (var (waits, asks) in (await ShippedRuns.OfAsync("closed-loop")).Schedulers.Zip(open.Schedulers))
        {
            foreach (var (wait, ask) in waits.Runs.Zip(asks.Runs))
            {
                var latency = (arrivals.Users / (wait.Completed / closed.MeasuredSeconds)) - arrivals.Think.Mean;
                Assert.InRange(wait.Latency.Mean / 1e6, latency * 0.98, latency * 1.02);
                Assert.True(ask.Latency.Mean > 4 * wait.Latency.Mean, $"{asks.Scheduler}: {ask.Latency.Mean} against {wait.Latency.Mean} µs");
            }
        }
    }

    [Fact]
    public void Every_section_names_a_scenario_that_there_is_and_claims_something_of_it()
    {
        var named = Named().Matches(s_page).SelectMany(static m => m.Groups["name"].Captures.Select(static c => c.Value)).ToHashSet(StringComparer.Ordinal);
        Assert.All(named, static name => Assert.NotNull(ShippedScenarios.Find(name)));
        var claimed = Claims.Select(static c => c.Data.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(["closed-loop", "partial-view"], named.Except(claimed).Order()); // The test above, and PublishedResultsTests.
        Assert.Empty(claimed.Except(named));
    }

    [GeneratedRegex("<!-- holds: (?<claim>.+?) -->", RegexOptions.ExplicitCapture)]
    private static partial Regex Claim();

    [GeneratedRegex("Scenarios? `(?<name>[a-z-]+)`( and `(?<name>[a-z-]+)`)?|scenario `(?<name>[a-z-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
