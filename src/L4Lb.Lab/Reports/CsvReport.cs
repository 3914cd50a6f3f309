using System.Globalization;
using System.Text;
using L4Lb.Lab.Reports.Sections;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>A line for each measure of each run (tidy data: Wickham, J. Stat. Softw. 59, 2014), as RFC 4180 has it.</summary>
internal static class CsvReport
{
    /// <summary>The first line.</summary>
    public const string Heading = "scenario,scheduler,mode,seed,measure,unit,value";

    /// <summary>The text; values in microseconds, nanoseconds, parts of 1, or plain numbers.</summary>
    public static string Write(LabResult result)
    {
        var text = new StringBuilder(Heading).Append("\r\n");
        foreach (var scheduler in result.Schedulers)
        {
            foreach (var run in scheduler.Runs)
            {
                foreach (var measure in Measures.All)
                {
                    if (measure.Of(run) is { } value)
                    {
                        text.Append(CultureInfo.InvariantCulture, $"{Field(result.Scenario.Name)},{Field(scheduler.Scheduler)},");
                        text.Append(CultureInfo.InvariantCulture, $"{ModesSection.Word(scheduler.Mode)},{run.Seed},{measure.Name},");
                        text.Append(CultureInfo.InvariantCulture, $"{Unit(measure.Unit)},{value:R}\r\n");
                    }
                }
            }
        }

        return text.ToString();
    }

    private static string Unit(MeasureUnit unit) => unit switch
    {
        MeasureUnit.Micros => "us",
        MeasureUnit.Nanos => "ns",
        MeasureUnit.Part => "part",
        MeasureUnit.Ratio => "ratio",
        _ => "requests",
    };

    /// <summary>Quoted where it has to be; what a spreadsheet would take for a formula begins with an apostrophe.</summary>
    private static string Field(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
