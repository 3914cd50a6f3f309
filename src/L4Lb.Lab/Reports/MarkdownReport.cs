using System.Text;
using System.Text.RegularExpressions;
using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Reports.Sections;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>A report for a pull request: what it comes to and the ranking at once, all else to be unfolded.</summary>
internal static class MarkdownReport
{
    /// <summary>Says that this program wrote it; readers do not see it.</summary>
    public const string Mark = "<!-- l4lb lab -->";

    /// <summary>The text.</summary>
    public static string Write(LabResult result)
    {
        var findings = new Findings(result);
        var text = new StringBuilder();
        text.Append($"{Mark}\n## {MarkdownText.Escape(result.Scenario.Name)}\n\n{MarkdownText.Escape(result.Scenario.Description)}\n\n");
        text.Append($"**{MarkdownText.Escape(Words.Headline.Of(findings))}**\n\n");
        text.AppendJoin(" · ", ScenarioSection.Facts(findings).Select(static f => $"{MarkdownText.Escape(f.Name)} {MarkdownText.Escape(f.Value)}")).Append("\n\n");
        var sections = ReportSections.Of(findings);
        Write(text, sections[0]);
        foreach (var section in sections.Skip(1))
        {
            text.Append($"<details><summary>{MarkdownText.Escape(section.Title)}</summary>\n\n");
            Write(text, section);
            text.Append("</details>\n");
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Section section)
    {
        foreach (var block in section.Blocks.Where(static b => !b.IsDetail))
        {
            switch (block)
            {
                case Prose prose:
                    text.Append(MarkdownText.Escape(prose.Text)).Append("\n\n");
                    break;
                case Source source:
                    text.Append(MarkdownText.Fence(source.Text, source.Language)).Append('\n');
                    break;
                case Table table:
                    MarkdownText.Table(text, table.Data, table.TextColumns);
                    break;
                case Figure { Chart: var chart }:
                    text.Append($"{MarkdownText.Escape(chart.Title)}:\n\n");
                    MarkdownText.Table(text, chart.Table, [0]);
                    break;
            }
        }
    }
}

/// <summary>Pieces of Markdown in which no text can become markup, a mention or a link.</summary>
internal static partial class MarkdownText
{
    /// <summary>A text on one line that stands for itself.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings(" ").EnumerateRunes())
        {
            safe.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '@' => "&#64;",
                '#' => "&#35;",
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' => $"\\{rune}",
                < 0x20 or (>= 0x7f and < 0xa0) => "\ufffd",
                _ => rune.ToString(),
            });
        }

        return safe.Replace("://", "&#58;//").Replace("www.", "www&#46;").ToString().Trim();
    }

    /// <summary>A table; columns of figures are set to the right.</summary>
    public static void Table(StringBuilder text, ChartTable table, IReadOnlyList<int> textColumns)
    {
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(Escape)).Append(" |\n|");
        text.AppendJoin('|', table.Columns.Select((_, i) => textColumns.Contains(i) ? " --- " : " ---: ")).Append("|\n");
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Escape)).Append(" |\n");
        }

        text.Append('\n');
    }

    /// <summary>A text as it is, between more backticks than it has in a row.</summary>
    public static string Fence(string text, string language)
    {
        var fence = new string('`', Math.Max(3, Backticks().Matches(text).Select(static m => m.Length).DefaultIfEmpty(0).Max() + 1));
        return $"{fence}{language}\n{text.TrimEnd()}\n{fence}\n";
    }

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
