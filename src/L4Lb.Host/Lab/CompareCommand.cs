using L4Lb.Host.Cli;
using L4Lb.Host.Client.Get;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Results;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab compare</c> was told.</summary>
/// <param name="Results">Result files: what is compared with, and what is compared.</param>
internal sealed record CompareSettings(IReadOnlyList<string> Results)
{
    /// <summary>Form of the answer; null for text.</summary>
    public ReportFormat? Output { get; init; }

    /// <summary>Whether a regression is a failure.</summary>
    public bool FailsOnRegression { get; init; }

    /// <summary>Changes up to this part do not matter.</summary>
    public double Tolerance { get; init; } = Difference.Resolution;

    /// <summary>Whether what is the same is printed too.</summary>
    public bool All { get; init; }
}

/// <summary><c>l4lb lab compare</c>.</summary>
internal static class CompareCommand
{
    /// <summary>Compares, and returns the exit code.</summary>
    public static Task<int> RunAsync(CompareSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Run(settings, context));

    private static int Run(CompareSettings settings, CommandContext context)
    {
        var (results, code) = ResultFiles.Read(settings.Results, context.Error);
        if (code != ExitCode.Done)
        {
            return code;
        }

        var (first, before) = results[0];
        var comparisons = results.Skip(1).Select(r => (r.File, Comparison: Comparison.Of(before, r.Found, settings.Tolerance))).ToList();
        if (settings.Output is { } format)
        {
            context.Out.Write(ComparisonReport.Write(first, comparisons, format));
        }
        else
        {
            foreach (var (file, comparison) in comparisons)
            {
                WriteText(first, file, comparison, settings.All, context.Out);
            }
        }

        return Judge(settings, comparisons, context.Error);
    }

    private static void WriteText(string first, string file, Comparison comparison, bool isAll, TextWriter output)
    {
        output.WriteLine($"{file} against {first}: {ComparisonReport.Summary(comparison)}");
        foreach (var note in ComparisonReport.Notes(comparison))
        {
            output.WriteLine(note);
        }

        var rows = ComparisonReport.Rows(comparison, isAll);
        if (rows.Count > 0)
        {
            output.WriteLine();
            new TableWriter(output, [.. ComparisonReport.Columns.Select(static c => c.ToUpperInvariant())]).Write(rows);
        }
    }

    private static int Judge(CompareSettings settings, List<(string File, Comparison Comparison)> comparisons, TextWriter error)
    {
        if (!settings.FailsOnRegression)
        {
            return ExitCode.Done;
        }

        var regressions = comparisons.SelectMany(static c => c.Comparison.Regressions.Select(r => $"{c.File}: {r.Scheduler.Scheduler}: {r.Difference.Measure.Title} got worse")).ToList();
        foreach (var regression in regressions)
        {
            error.WriteLine($"l4lb: {regression}");
        }

        return regressions.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
