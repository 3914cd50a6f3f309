using L4Lb.Lab.Reports.Sections;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>A report as one HTML page: style and charts are within, there is no script, and the page forbids itself all requests.</summary>
internal static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Write(LabResult result)
    {
        var findings = new Findings(result);
        var scenario = result.Scenario;
        return HtmlPage.Write(
            scenario.Name, scenario.Description, Words.Headline.Of(findings), ScenarioSection.Facts(findings), ReportSections.Of(findings));
    }
}
