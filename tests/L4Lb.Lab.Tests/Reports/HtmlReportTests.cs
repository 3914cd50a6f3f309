using System.Xml.Linq;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Reports;

public class HtmlReportTests
{
    public static TheoryData<string> Kinds => new(s_results.Keys);

    private static readonly Dictionary<string, Func<LabResult>> s_results = new(StringComparer.Ordinal)
    {
        ["three"] = static () => Synthetic.Three(),
        ["many"] = Synthetic.Many,
        ["single"] = static () => Synthetic.Result([Synthetic.Scheduler("rr", 1, 1000)]),
        ["live"] = static () => Synthetic.Result([Synthetic.Scheduler("rr", 2, 1000), Synthetic.Scheduler("rr", 2, 1100, mode: LabMode.Live)]),
        ["nothing answered"] = static () => Synthetic.Result([new SchedulerResult("rr", LabMode.Simulated, [Empty(1)]), new SchedulerResult("lc", LabMode.Live, [Empty(1)])]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_page_is_well_formed_and_asks_for_nothing_outside(string kind)
    {
        var html = Report.Write(s_results[kind](), ReportFormat.Html);
        var root = Parse(html);
        if (Environment.GetEnvironmentVariable("L4LB_KEEP_REPORTS") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{kind.Replace(' ', '-')}.html"), html);
        }

        Assert.DoesNotMatch("https?:|//[a-z]|url\\(|@import", html);
        Assert.Empty(root.Descendants("script"));
        Assert.DoesNotContain(root.Descendants().Attributes(), static a => a.Name.LocalName is "src" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(root.Descendants().Attributes("href"), static a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        var ids = root.Descendants().Attributes("id").Select(static a => a.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(root.Descendants("nav").Descendants("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
        Assert.DoesNotMatch(@"\bNaN\b|∞|Infinity", html);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_chart_says_what_it_shows_and_has_its_figures_beside_it(string kind)
    {
        var root = Parse(Report.Write(s_results[kind](), ReportFormat.Html));
        Assert.All(root.Descendants("figure"), static figure =>
        {
            var svg = Assert.Single(figure.Elements("svg"));
            Assert.Equal("img", svg.Attribute("role")!.Value);
            var named = svg.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.All(named, id => Assert.NotEmpty(Assert.Single(svg.Descendants(), e => e.Attribute("id")?.Value == id).Value));
            Assert.Single(figure.Descendants("table"));
        });
        Assert.All(root.Descendants("table"), static table =>
            Assert.Single(table.Descendants("tr").Select(static r => r.Elements().Count()).Distinct()));
    }

    [Fact]
    public void Everything_that_was_measured_has_its_section()
    {
        var root = Parse(Report.Write(
            Synthetic.Result([Synthetic.Scheduler("rr", 2, 1000, changes: true), Synthetic.Scheduler("rr", 2, 1100, mode: LabMode.Live)]), ReportFormat.Html));
        Assert.Equal(
            ["ranking", "latency", "queues", "shares", "time", "changes", "affinity", "errors", "picks", "modes", "scenario", "provenance", "method"],
            root.Descendants("section").Select(static s => s.Attribute("id")!.Value));
        Assert.Equal(Synthetic.Yaml, root.Descendants("pre").Single().Value);
        Assert.Contains("l4lb lab simulate synthetic", root.Value);
    }

    [Fact]
    public void Every_scheduler_of_many_is_in_the_ranking_and_in_every_chart_of_rows()
    {
        var result = Synthetic.Many();
        var root = Parse(Report.Write(result, ReportFormat.Html));
        var ranking = root.Descendants("section").First().Descendants("tbody").Single();
        Assert.Equal(result.Schedulers.Select(static s => s.Scheduler).Order(), ranking.Elements().Select(static r => r.Elements().ElementAt(1).Value).Order());
        Assert.All(root.Descendants("figure").Descendants("table"), table =>
            Assert.All(result.Schedulers.Take(6), s => Assert.Contains(table.Descendants("td"), td => td.Value == s.Scheduler)));
    }

    [Fact]
    public void What_a_scenario_is_called_never_becomes_markup()
    {
        const string Hostile = "</title><script>alert(1)</script>\" onload='x' &amp; \u0000\u0007\ud800 ]]>";
        var three = Synthetic.Three(2);
        var result = three with
        {
            Made = three.Made with { Version = Hostile, Command = Hostile },
            Scenario = three.Scenario with { Name = Hostile, Description = Hostile, Source = Hostile },
            Schedulers =
            [
                .. three.Schedulers.Select(static (s, i) => s with
                {
                    Scheduler = Hostile + i,
                    Runs = [.. s.Runs.Select(static r => r with { Backends = [.. r.Backends.Select(static b => b with { Name = Hostile + b.Name })], Changes = [new ChangeResult(1, Hostile, 0.5, 0.1)] })],
                }),
            ],
        };
        var root = Parse(Report.Write(result, ReportFormat.Html));
        Assert.Empty(root.Descendants("script"));
        Assert.DoesNotContain(root.Descendants().Attributes(), static a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Equal("</title><script>alert(1)</script>\" onload='x' &amp; \ufffd\ufffd\ufffd ]]>", root.Descendants("h1").Single().Value);
    }

    [Fact]
    public void The_same_result_makes_the_same_page() =>
        Assert.Equal(Report.Write(Synthetic.Three(2), ReportFormat.Html), Report.Write(Synthetic.Three(2), ReportFormat.Html));

    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(html["<!DOCTYPE html>\n".Length..], LoadOptions.PreserveWhitespace);
    }

    private static RunResult Empty(ulong seed) => new(seed, 0, 0, 0, 0)
    {
        Latency = new(),
        Waiting = new(),
        Shares = new ShareResult(0, 0, 0, 0, 0, []),
    };
}
