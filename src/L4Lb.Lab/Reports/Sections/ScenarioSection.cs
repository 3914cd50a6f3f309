using System.Globalization;
using L4Lb.Lab.Reports.Charts;

namespace L4Lb.Lab.Reports.Sections;

/// <summary>What was asked, and by what it was answered.</summary>
internal static class ScenarioSection
{
    /// <summary>The scenario.</summary>
    public static Section Build(Findings findings) => new("scenario", "Scenario", [new Source(findings.Found.Scenario.Source, "yaml")]);

    /// <summary>Where the figures come from.</summary>
    public static Section BuildProvenance(Findings findings)
    {
        var made = findings.Found.Made;
        var rows = new List<string[]>
        {
            new[] { "Program", $"l4lb {made.Version}" },
            new[] { "Command", made.Command },
            new[] { "Started", made.StartedUtc.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) },
            new[] { "Took", $"{Figures.Seconds(made.WallSeconds)} on {Figures.Count(made.Cores)} cores" },
            new[] { "Seeds", Words.Lists.And([.. findings.First.Runs.Select(static r => r.Seed.ToString(CultureInfo.InvariantCulture))], 10) },
        };
        if (made.Events > 0)
        {
            rows.Add(["Events", $"{Figures.Count(made.Events)}, {Figures.Count(made.Events / Math.Max(made.WallSeconds, 1e-3))} a second"]);
        }

        return new Section("provenance", "Where the figures come from", [
            new Table("", new ChartTable(["", ""], rows), 0, 1),
            .. findings.Found.Notes.Select(static note => new Prose(note)),
        ]);
    }

    /// <summary>The scenario in a few figures.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(Findings findings)
    {
        var scenario = findings.Found.Scenario;
        yield return ("backends", Figures.Count(scenario.Backends));
        if (scenario.OfferedRate > 0)
        {
            yield return ("requests per second", Figures.Digits(scenario.OfferedRate));
        }

        if (scenario.OfferedLoad > 0)
        {
            yield return ("load", Figures.Percent(scenario.OfferedLoad));
        }

        yield return ("per run", Figures.Seconds(scenario.DurationSeconds));
        yield return ("requests in all", Figures.Count(findings.Found.Schedulers.SelectMany(static s => s.Runs).Sum(static r => (double)r.Requests)));
        yield return ("schedulers", Figures.Count(findings.Entries.Count));
        yield return ("seeds", Figures.Count(findings.Seeds));
        yield return ("how", Words.Lists.And([.. findings.Found.Schedulers.Select(static s =>
            s.Mode).Distinct().Order().Select(ModesSection.Word)]));
    }
}
