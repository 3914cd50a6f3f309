using System.Globalization;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>Numbers as people read them: three digits, and the unit that fits.</summary>
internal static class Figures
{
    /// <summary>What stands where nothing was measured.</summary>
    public const string None = "–";

    /// <summary>A duration of <paramref name="micros"/> microseconds: <c>31.2 ms</c>.</summary>
    public static string Duration(double micros)
    {
        var (divisor, unit) = DurationUnit(micros);
        return $"{Digits(micros / divisor)} {unit}";
    }

    /// <summary>The unit that fits a duration, and how many microseconds it has.</summary>
    public static (double Micros, string Unit) DurationUnit(double micros) => Math.Abs(micros) switch
    {
        < 999.5 => (1, "µs"),
        < 999_500 => (1e3, "ms"),
        < 600_000_000 => (1e6, "s"),
        _ => (60e6, "min"),
    };

    /// <summary>A part of a whole: <c>4.2 %</c>.</summary>
    public static string Percent(double part) => Math.Abs(part) switch
    {
        0 => "0 %",
        < 0.00005 => $"{Digits(part * 1e6)} ppm",
        _ => $"{Digits(part * 100)} %",
    };

    /// <summary>How many times: <c>2.4</c>; two digits do, for what is said in a sentence.</summary>
    public static string Times(double ratio) => ratio switch
    {
        < 9.95 => ratio.ToString("0.0", CultureInfo.InvariantCulture),
        < 1e6 => ratio.ToString("#,##0", CultureInfo.InvariantCulture),
        _ => "more than a million",
    };

    /// <summary>A whole number with its thousands apart: <c>1,000,000</c>.</summary>
    public static string Count(double count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>Three digits: <c>0.0123</c>, <c>1.23</c>, <c>123</c>, <c>12,345</c>.</summary>
    public static string Digits(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 99.95 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.9995 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 0.09995 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("G2", CultureInfo.InvariantCulture),
    };

    /// <summary>A duration of a run: <c>90 s</c>, <c>12 min</c>.</summary>
    public static string Seconds(double seconds) => Duration(seconds * 1e6);

    /// <summary>A value in its unit.</summary>
    public static string In(MeasureUnit unit, double value) => unit switch
    {
        MeasureUnit.Micros => Duration(value),
        MeasureUnit.Nanos => $"{Digits(value)} ns",
        MeasureUnit.Part => Percent(value),
        _ => Digits(value),
    };

    /// <summary>A mean: <c>31.2 ms</c>.</summary>
    public static string Mean(Measure measure, Estimate? estimate) => estimate is { } known ? In(measure.Unit, known.Mean) : None;

    /// <summary>
    /// A mean and how far off it may be: times as a part of themselves, <c>31.2 ms ±2 %</c>, since their unit changes; all else as it is,
    /// <c>4.20 ± 0.30 %</c>.
    /// </summary>
    public static string WithInterval(Measure measure, Estimate? estimate) => estimate switch
    {
        null => None,
        { HalfWidth: null or 0 } or { Mean: 0 } => In(measure.Unit, estimate.Value.Mean),
        { HalfWidth: { } half, Mean: var mean } => measure.Unit switch
        {
            MeasureUnit.Micros or MeasureUnit.Nanos => $"{In(measure.Unit, mean)} ±{Short(half / mean * 100)} %",
            MeasureUnit.Part when mean >= 0.00005 => $"{Digits(mean * 100)} ± {Short(half * 100)} %",
            MeasureUnit.Part => $"{Percent(mean)} ± {Percent(half)}",
            _ => $"{Digits(mean)} ± {Short(half)}",
        },
    };

    /// <summary>Two digits: nobody knows more of an uncertainty.</summary>
    private static string Short(double value) => Math.Abs(value) switch
    {
        >= 9.95 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 0.95 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("G1", CultureInfo.InvariantCulture),
    };

    /// <summary>A change with its sign: <c>+12 %</c>, <c>−3.4 ms</c>.</summary>
    public static string Signed(string absolute, double value) => value switch
    {
        > 0 => $"+{absolute}",
        < 0 => $"−{absolute}",
        _ => "±0",
    };
}
