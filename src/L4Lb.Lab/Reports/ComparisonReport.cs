using System.Text;
using System.Text.Json;
using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Reports.Sections;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>Comparisons of results with the first of them, for readers and programs. Pure.</summary>
public static class ComparisonReport
{
    /// <summary>The format's name in the JSON form.</summary>
    public const string Format = "l4lb.io/lab-comparison/v1";

    /// <summary>Headings of <see cref="Rows"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["Scheduler", "Measure", "Before", "After", "Change", "Verdict"];

    /// <summary>A report of comparisons, all with the same first result.</summary>
    /// <param name="first">The name of what is compared with.</param>
    /// <param name="comparisons">What is compared, by name.</param>
    /// <param name="format">Not <see cref="ReportFormat.Csv"/>.</param>
    public static string Write(string first, IReadOnlyList<(string Name, Comparison Comparison)> comparisons, ReportFormat format) =>
        format switch
        {
            ReportFormat.Json => WriteJson(first, comparisons),
            ReportFormat.Markdown => WriteMarkdown(first, comparisons),
            ReportFormat.Html => HtmlPage.Write(
                "Comparison", $"With {first}.", string.Join(' ', comparisons.Select(static c => $"{c.Name}: {Summary(c.Comparison)}.")),
                [("compared with", first), ("tolerance", Figures.Percent(comparisons[0].Comparison.Tolerance))],
                [.. comparisons.Select(static (c, i) =>
                new Section($"c{i}", c.Name, [.. Notes(c.Comparison).Select(static n => new Prose(n)), TableOf(c.Comparison)]))]),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "a comparison has no such form"),
        };

    /// <summary>In a few words: <c>2 worse, 1 better, 57 the same</c>.</summary>
    public static string Summary(Comparison comparison)
    {
        var counts = comparison.Schedulers.SelectMany(static s => s.Differences).CountBy(d => d.Judge(comparison.Tolerance))
            .ToDictionary(static p => p.Key, static p => p.Value);
        string[] parts =
        [
            .. new[] { Verdict.Worse, Verdict.Better, Verdict.Other, Verdict.Unknown, Verdict.Same }
                .Where(counts.ContainsKey).Select(v => $"{counts[v]} {Word(v)}"),
        ];
        return parts.Length == 0 ? "nothing to compare" : string.Join(", ", parts);
    }

    /// <summary>What a reader has to know before believing it.</summary>
    public static IEnumerable<string> Notes(Comparison comparison)
    {
        if (!comparison.IsSameScenario)
        {
            yield return "The scenarios differ: what is below may come of these, and runs are not taken in pairs.";
        }

        if (comparison.OnlyBefore.Count > 0)
        {
            yield return $"Only before: {Words.Lists.And(comparison.OnlyBefore)}.";
        }

        if (comparison.OnlyAfter.Count > 0)
        {
            yield return $"Only after: {Words.Lists.And(comparison.OnlyAfter)}.";
        }

        if (comparison.Schedulers.SelectMany(static s => s.Differences).Any(d => d.Judge(comparison.Tolerance) == Verdict.Unknown))
        {
            yield return "A single seed cannot tell a change from chance: run both with --seeds 5.";
        }
    }

    /// <summary>A row for each difference; those that are the same only where <paramref name="isAll"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(Comparison comparison, bool isAll = true) =>
    [
        .. from scheduler in comparison.Schedulers
           from difference in scheduler.Differences
           where isAll || difference.Judge(comparison.Tolerance) != Verdict.Same
           select Row(comparison, scheduler, difference),
    ];

    private static string[] Row(Comparison comparison, ComparedResult scheduler, Difference difference) =>
    [
        scheduler.Mode == LabMode.Simulated ? scheduler.Scheduler : $"{scheduler.Scheduler} ({ModesSection.Word(scheduler.Mode)})",
        difference.Measure.Title,
        Figures.WithInterval(difference.Measure, difference.Before),
        Figures.WithInterval(difference.Measure, difference.After),
        Change(difference),
        Word(difference.Judge(comparison.Tolerance)),
    ];

    private static string Change(Difference difference) => difference.Measure.Unit == MeasureUnit.Part
        || difference.Relative is not { } relative
        ? Figures.Signed(Interval(Math.Abs(difference.Change.Mean), difference.Change.HalfWidth, difference.Measure.Unit),
            difference.Change.Mean)
        : Figures.Signed(Interval(Math.Abs(relative), difference.RelativeHalfWidth, MeasureUnit.Part), relative);

    private static string Interval(double value, double? half, MeasureUnit unit) =>
        Figures.In(unit, value) + (half is > 0 ? $" ± {Figures.In(unit, half.Value)}" : "");

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Worse => "worse",
        Verdict.Better => "better",
        Verdict.Other => "different",
        Verdict.Unknown => "one seed",
        _ => "the same",
    };

    private static Table TableOf(Comparison comparison)
    {
        var rows = Rows(comparison);
        return new Table("", new ChartTable(Columns, rows) { RowClasses = [.. rows.Select(static r => r[^1])] }, 0, 1, 5);
    }

    private static string WriteMarkdown(string first, IReadOnlyList<(string Name, Comparison Comparison)> comparisons)
    {
        var text = new StringBuilder();
        foreach (var (name, comparison) in comparisons)
        {
            text.Append($"## {MarkdownText.Escape(name)} against {MarkdownText.Escape(first)}: {Summary(comparison)}\n\n");
            foreach (var note in Notes(comparison))
            {
                text.Append(MarkdownText.Escape(note)).Append("\n\n");
            }

            MarkdownText.Table(text, new ChartTable(Columns, Rows(comparison, isAll: false)), [0, 1, 5]);
            text.Append("<details><summary>All measures</summary>\n\n");
            MarkdownText.Table(text, new ChartTable(Columns, Rows(comparison)), [0, 1, 5]);
            text.Append("</details>\n");
        }

        return text.ToString();
    }

    private static string WriteJson(string first, IReadOnlyList<(string Name, Comparison Comparison)> comparisons)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("before", first);
            json.WriteStartArray("comparisons");
            foreach (var (name, comparison) in comparisons)
            {
                json.WriteStartObject();
                json.WriteString("after", name);
                json.WriteBoolean("sameScenario", comparison.IsSameScenario);
                json.WriteBoolean("regressed", comparison.Regressions.Any());
                json.WriteStartArray("differences");
                foreach (var scheduler in comparison.Schedulers)
                {
                    foreach (var difference in scheduler.Differences)
                    {
                        WriteDifference(json, comparison, scheduler, difference);
                    }
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteDifference(Utf8JsonWriter json, Comparison comparison, ComparedResult scheduler, Difference difference)
    {
        json.WriteStartObject();
        json.WriteString("scheduler", scheduler.Scheduler);
        json.WriteString("mode", ModesSection.Word(scheduler.Mode));
        json.WriteString("measure", difference.Measure.Name);
        json.WriteNumber("before", difference.Before.Mean);
        json.WriteNumber("after", difference.After.Mean);
        json.WriteNumber("change", difference.Change.Mean);
        if (difference.Change.HalfWidth is { } half)
        {
            json.WriteNumber("halfWidth", half);
        }

        json.WriteBoolean("paired", difference.IsPaired);
        json.WriteString("verdict", Word(difference.Judge(comparison.Tolerance)));
        json.WriteEndObject();
    }
}
