using System.Text.RegularExpressions;
using L4Lb.Lab.Reports.Charts;

namespace L4Lb.Lab.Reports;

/// <summary>Sections as an HTML page that is well-formed XML too.</summary>
internal static partial class HtmlPage
{
    /// <summary>Says in a page's head that this program wrote it.</summary>
    public const string Mark = "l4lb lab";

    /// <summary>The page.</summary>
    public static string Write(
        string title, string description, string headline, IEnumerable<(string Name, string Value)> facts, IReadOnlyList<Section> sections)
    {
        var page = new MarkupWriter();
        page.Trusted("<!DOCTYPE html>\n");
        using (page.In("html", ("lang", "en")))
        {
            using (page.In("head"))
            {
                page.Empty("meta", ("charset", "utf-8"));
                page.Empty("meta", ("name", "generator"), ("content", Mark));
                page.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                page.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"));
                page.Element("title", $"{title} – l4lb lab");
                using (page.In("style"))
                {
                    page.Trusted(HtmlStyle.Sheet);
                }
            }

            page.Break();
            using (page.In("body"))
            {
                WriteHeader(page, title, description, headline, facts);
                WriteContents(page, sections);
                using (page.In("main"))
                {
                    foreach (var section in sections)
                    {
                        WriteSection(page, section);
                    }
                }
            }
        }

        return page + "\n";
    }

    private static void WriteHeader(
        MarkupWriter page, string title, string description, string headline, IEnumerable<(string Name, string Value)> facts)
    {
        using (page.In("header"))
        {
            page.Element("p", "l4lb lab", ("class", "brand"));
            page.Element("h1", title);
            page.Element("p", description);
            page.Element("p", Joined(headline), ("class", "headline"));
            using (page.In("dl"))
            {
                foreach (var (name, value) in facts)
                {
                    using (page.In("div"))
                    {
                        page.Element("dt", name);
                        page.Element("dd", value);
                    }
                }
            }
        }

        page.Break();
    }

    private static void WriteContents(MarkupWriter page, IReadOnlyList<Section> sections)
    {
        using (page.In("nav", ("aria-label", "Sections")))
        {
            foreach (var section in sections)
            {
                page.Element("a", section.Title, ("href", $"#{section.Id}"));
                page.Text(" ");
            }
        }

        page.Break();
    }

    private static void WriteSection(MarkupWriter page, Section section)
    {
        using (page.In("section", ("id", section.Id)))
        {
            page.Element("h2", section.Title);
            for (var i = 0; i < section.Blocks.Count; i++)
            {
                WriteBlock(page, section.Blocks[i], $"{section.Id}-{i}");
                page.Break();
            }
        }

        page.Break();
    }

    private static void WriteBlock(MarkupWriter page, Block block, string id)
    {
        switch (block)
        {
            case Prose prose:
                page.Element("p", Joined(prose.Text));
                break;
            case Source source:
                using (page.In("pre"))
                {
                    page.Element("code", source.Text);
                }

                break;
            case Table { IsDetail: true } table:
                using (page.In("details"))
                {
                    page.Element("summary", table.Caption);
                    WriteTable(page, table.Data, "", table.TextColumns);
                }

                break;
            case Table table:
                WriteTable(page, table.Data, table.Caption, table.TextColumns);
                break;
            case Figure figure:
                WriteFigure(page, figure.Chart, id);
                break;
        }
    }

    private static void WriteFigure(MarkupWriter page, Chart chart, string id)
    {
        using (page.In("figure"))
        {
            using (page.In("figcaption"))
            {
                page.Element("strong", chart.Title);
                page.Text(" ");
                page.Element("span", Joined(chart.Description));
            }

            chart.Write(page, id);
            using (page.In("details"))
            {
                page.Element("summary", "The figures");
                WriteTable(page, chart.Table, "", [0]);
            }
        }
    }

    private static void WriteTable(MarkupWriter page, ChartTable table, string caption, IReadOnlyList<int> textColumns)
    {
        using (page.In("div", ("class", "wide"), ("tabindex", 0)))
        using (page.In("table"))
        {
            if (caption.Length > 0)
            {
                page.Element("caption", caption);
            }

            if (table.Columns.Any(static c => c.Length > 0))
            {
                using (page.In("thead"))
                using (page.In("tr"))
                {
                    for (var i = 0; i < table.Columns.Count; i++)
                    {
                        page.Element("th", table.Columns[i], ("scope", "col"), ("class", textColumns.Contains(i) ? "w" : null));
                    }
                }
            }

            using (page.In("tbody"))
            {
                foreach (var (number, row) in table.Rows.Index())
                {
                    using (page.In("tr", ("class", number < table.RowClasses.Count ? table.RowClasses[number] : null)))
                    {
                        for (var i = 0; i < row.Count; i++)
                        {
                            page.Element("td", Joined(row[i]), ("class", textColumns.Contains(i) ? "w" : null));
                        }
                    }

                    page.Break();
                }
            }
        }
    }

    /// <summary>A text whose lines do not break between a number and its unit.</summary>
    private static string Joined(string text) => BeforeUnit().Replace(text, "\u00a0");

    [GeneratedRegex(@"(?<=\d) (?=(µs|ms|s|min|ns|%)(\W|$))", RegexOptions.ExplicitCapture)]
    private static partial Regex BeforeUnit();
}
