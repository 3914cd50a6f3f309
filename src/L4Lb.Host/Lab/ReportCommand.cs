using L4Lb.Host.Cli;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Results;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab report</c> was told.</summary>
/// <param name="Results">Result files.</param>
internal sealed record ReportSettings(IReadOnlyList<string> Results)
{
    /// <summary>Where it goes; null for the default of its form.</summary>
    public string? Output { get; init; }

    /// <summary>Its form; null for what the name of the output says.</summary>
    public ReportFormat? Format { get; init; }

    /// <summary>A folder for its charts as files of their own; null for none.</summary>
    public string? Charts { get; init; }

    /// <summary>Whether it is opened.</summary>
    public bool Opens { get; init; }
}

/// <summary><c>l4lb lab report</c>.</summary>
internal static class ReportCommand
{
    /// <summary>Makes the report, and returns the exit code.</summary>
    public static Task<int> RunAsync(ReportSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Run(settings, context));

    private static int Run(ReportSettings settings, CommandContext context)
    {
        var (results, code) = ResultFiles.Read(settings.Results, context.Error);
        if (code != ExitCode.Done)
        {
            return code;
        }

        var (result, problem) = ResultJoin.Join(results);
        if (result is null)
        {
            context.Error.WriteLine($"l4lb: {problem}");
            return ExitCode.Failed;
        }

        return settings.Charts is { } folder ? WriteCharts(result, folder, context) : WriteReport(result, settings, context);
    }

    private static int WriteCharts(LabResult result, string folder, CommandContext context)
    {
        foreach (var (name, svg) in Report.Charts(result))
        {
            var file = Path.Combine(folder, $"{OutputName.Of(result)}-{name}.svg");
            if (!TextFile.Write(file, svg, context.Error))
            {
                return ExitCode.CannotStart;
            }

            context.Out.WriteLine($"Chart   {file}");
        }

        return ExitCode.Done;
    }

    private static int WriteReport(LabResult result, ReportSettings settings, CommandContext context)
    {
        var format = settings.Format ?? FormatOf(settings.Output);
        var text = Report.Write(result, format);
        var output = settings.Output ?? (format == ReportFormat.Html ? $"{OutputName.Of(result)}.html" : "-");
        if (output == "-")
        {
            context.Out.Write(text);
            return ExitCode.Done;
        }

        if (TextFile.Refusal(output, Report.Marks) is { } refusal)
        {
            context.Error.WriteLine($"l4lb: {refusal}");
            return ExitCode.CannotStart;
        }

        if (!TextFile.Write(output, text, context.Error))
        {
            return ExitCode.CannotStart;
        }

        context.Out.WriteLine($"Report  {output}");
        ReportOpener.Open(output, settings.Opens, context);
        return ExitCode.Done;
    }

    private static ReportFormat FormatOf(string? output) => Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".md" or ".markdown" => ReportFormat.Markdown,
        ".csv" => ReportFormat.Csv,
        ".json" => ReportFormat.Json,
        _ => ReportFormat.Html,
    };
}
