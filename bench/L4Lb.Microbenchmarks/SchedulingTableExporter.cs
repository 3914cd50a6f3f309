using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace L4Lb.Microbenchmarks;

/// <summary>
/// Writes the results of <see cref="SchedulingBenchmarks"/> as the table of docs/schedulers.md: a row for each
/// scheduler, a column for each number of backends.
/// </summary>
internal sealed class SchedulingTableExporter : ExporterBase
{
    protected override string FileExtension => "md";

    protected override string FileCaption => "table";

    public override void ExportToLog(Summary summary, ILogger logger)
    {
        var cells = summary.Reports.Where(report => report.Success).ToLookup(
            report => (string)report.BenchmarkCase.Parameters[nameof(SchedulingBenchmarks.Scheduler)],
            report => (Backends: (int)report.BenchmarkCase.Parameters[nameof(SchedulingBenchmarks.Backends)], Text: Cell(report)));
        int[] columns = [.. cells.SelectMany(row => row).Select(cell => cell.Backends).Distinct().Order()];

        logger.WriteLine($"| pick | {string.Join(" | ", columns.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n:N0} backends")))} |");
        logger.WriteLine($"|---|{string.Concat(columns.Select(_ => "---:|"))}");
        foreach (var row in cells.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            logger.WriteLine($"| `{row.Key}` | {string.Join(" | ", columns.Select(n => row.FirstOrDefault(cell => cell.Backends == n).Text))} |");
        }
    }

    /// <summary>Time and bytes of a pick.</summary>
    private static string Cell(BenchmarkReport report)
    {
        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Time(report.ResultStatistics!.Median)}, {bytes} B");
    }

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0.0} ns"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns"),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000:0.0} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000:0} µs"),
    };
}

/// <summary>Adds <see cref="SchedulingTableExporter"/>.</summary>
internal sealed class SchedulingTableExporterAttribute() : ExporterConfigBaseAttribute(new SchedulingTableExporter());
