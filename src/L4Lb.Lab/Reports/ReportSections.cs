using L4Lb.Lab.Reports.Sections;

namespace L4Lb.Lab.Reports;

/// <summary>What a report has, in the order of questions: who, how fast, why, at what cost, and who says so.</summary>
internal static class ReportSections
{
    /// <summary>All sections that the result has figures for.</summary>
    public static IReadOnlyList<Section> Of(Findings findings) =>
    [
        .. new[]
        {
            SummarySection.Build(findings),
            LatencySection.Build(findings),
            QueueSection.Build(findings),
            ShareSection.Build(findings),
            TimeSection.Build(findings),
            ChangeSection.Build(findings),
            ChangeSection.BuildAffinity(findings),
            CostSection.BuildErrors(findings),
            CostSection.BuildPicks(findings),
            ModesSection.Build(findings),
            ScenarioSection.Build(findings),
            ScenarioSection.BuildProvenance(findings),
            MethodSection.Build(),
        }.OfType<Section>(),
    ];
}
