using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>What a report is written as.</summary>
public enum ReportFormat
{
    /// <summary>One page for a browser, with charts; it asks for nothing else.</summary>
    Html,

    /// <summary>Text with tables, for pull requests.</summary>
    Markdown,

    /// <summary>A line for each figure of each run.</summary>
    Csv,

    /// <summary>Ranking and means, for programs.</summary>
    Json,
}

/// <summary>Reports of results. Pure: the same result gives the same text.</summary>
public static class Report
{
    /// <summary>A report of <paramref name="result"/>.</summary>
    public static string Write(LabResult result, ReportFormat format) => format switch
    {
        ReportFormat.Html => HtmlReport.Write(result),
        ReportFormat.Markdown => MarkdownReport.Write(result),
        ReportFormat.Csv => CsvReport.Write(result),
        _ => JsonReport.Write(result),
    };

    /// <summary>The charts of a report as files of SVG, by name without ending: for pages that show some of them.</summary>
    public static IReadOnlyDictionary<string, string> Charts(LabResult result) => ReportSections.Of(new Findings(result))
        .SelectMany(static section => section.Blocks).OfType<Figure>().ToDictionary(static f => f.Chart.Name,
            static f => f.Chart.ToFile(), StringComparer.Ordinal);

    /// <summary>Texts by which the files that the lab writes are known: each has one of them near its beginning.</summary>
    public static IReadOnlyList<string> Marks { get; } =
        [LabResult.CurrentFormat, $"content=\"{HtmlPage.Mark}\"", MarkdownReport.Mark, CsvReport.Heading, JsonReport.Format];

    /// <summary>What <paramref name="result"/> comes to, in a sentence.</summary>
    public static string Headline(LabResult result) => Words.Headline.Of(new Findings(result));
}
