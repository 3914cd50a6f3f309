using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Charts;

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="IsLog">Whether equal steps are equal factors.</param>
/// <param name="Floor">Nothing smaller is of interest on a logarithmic axis.</param>
internal sealed record Axis(string Title, MeasureUnit Unit, bool IsLog = false, double Floor = 1e-300)
{
    /// <summary>Values that lie on it whatever the data.</summary>
    public IReadOnlyList<double> Includes { get; init; } = [];

    /// <summary>About so many ticks, when it is linear.</summary>
    public int TickCount { get; init; } = 5;

    /// <summary>The scale for these values.</summary>
    public Scale ScaleFor(IEnumerable<double> values) =>
        IsLog ? Scale.Log(values.Concat(Includes), Floor) : Scale.Linear(values.Concat(Includes), TickCount);

    /// <summary>The text of each tick; durations of a linear axis all have one unit.</summary>
    public IReadOnlyList<string> Labels(Scale scale)
    {
        if (Unit == MeasureUnit.Micros && !IsLog)
        {
            var (micros, unit) = UnitOf(scale.High);
            return [.. scale.Ticks.Select(t => t == 0 ? "0" : $"{Short(t / micros)} {unit}")];
        }

        return [.. scale.Ticks.Select(Label)];
    }

    private string Label(double tick) => Unit switch
    {
        MeasureUnit.Micros => tick == 0 ? "0" : Duration(tick),
        MeasureUnit.Nanos => $"{Short(tick)} ns",
        MeasureUnit.Part => $"{Short(tick * 100)} %",
        _ => Short(tick),
    };

    private static string Duration(double micros)
    {
        var (divisor, unit) = UnitOf(micros);
        return $"{Short(micros / divisor)} {unit}";
    }

    /// <summary>No minutes: round numbers of microseconds are none of these.</summary>
    private static (double Micros, string Unit) UnitOf(double micros) => Figures.DurationUnit(Math.Min(micros, 1e6));

    /// <summary>As many digits as there are: 0.05, 2, 5,000; very small and large ones as powers of ten.</summary>
    private static string Short(double value) => Math.Abs(value) is (>= 0.000009999 and < 1e7) or 0
        ? value.ToString("#,##0.#####", System.Globalization.CultureInfo.InvariantCulture)
        : value.ToString("0.#e0", System.Globalization.CultureInfo.InvariantCulture);
}
