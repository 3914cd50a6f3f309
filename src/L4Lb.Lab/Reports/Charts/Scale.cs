using System.Globalization;

namespace L4Lb.Lab.Reports.Charts;

/// <summary>
/// Where values lie on an axis, and which of them are marked. Whatever the data are (none, one value, all equal, not numbers), the ends
/// are finite and apart. Ticks are 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems, 1990), or powers of ten.
/// </summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;

    private Scale(double low, double high, bool isLog, IReadOnlyList<double> ticks)
    {
        (Low, High, IsLog, Ticks) = (low, high, isLog, ticks);
        (_from, _to) = isLog ? (Math.Log10(low), Math.Log10(high)) : (low, high);
    }

    /// <summary>The value at the axis's beginning.</summary>
    public double Low { get; }

    /// <summary>The value at its end.</summary>
    public double High { get; }

    /// <summary>Whether equal steps are equal factors.</summary>
    public bool IsLog { get; }

    /// <summary>The values that are marked, rising; first and last are the ends of a linear axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Where a value lies: 0 at the beginning, 1 at the end; beyond stays at the end.</summary>
    public double Place(double value)
    {
        if (double.IsNaN(value) || (IsLog && value <= 0))
        {
            return 0;
        }

        return Math.Clamp(((IsLog ? Math.Log10(value) : value) - _from) / (_to - _from), 0, 1);
    }

    /// <summary>Equal steps, with 0 at an end unless <paramref name="values"/> are on both sides of it.</summary>
    /// <param name="values">That have to lie within; what is no number does not count.</param>
    /// <param name="count">About so many ticks.</param>
    public static Scale Linear(IEnumerable<double> values, int count = 5)
    {
        var (low, high) = (0d, 0d);
        foreach (var value in values.Where(static v => double.IsFinite(v) && Math.Abs(v) < 1e300))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (high - low < 1e-300)
        {
            (low, high) = (0, 1);
        }

        var step = Step((high - low) / count);
        var (first, last) = (Math.Floor(low / step + 1e-9), Math.Ceiling(high / step - 1e-9));
        var ticks = new List<double>();
        for (var i = first; i <= last; i++)
        {
            ticks.Add(Round(i * step));
        }

        return new Scale(Math.Min(ticks[0], low), Math.Max(ticks[^1], high), isLog: false, ticks);
    }

    /// <summary>Equal factors. Values of 0 or less cannot lie on it; they stay at the beginning.</summary>
    /// <param name="values">That have to lie within.</param>
    /// <param name="floor">Nothing smaller is of interest.</param>
    public static Scale Log(IEnumerable<double> values, double floor = 1e-300)
    {
        var (low, high) = (double.MaxValue, 0d);
        foreach (var value in values.Where(v => double.IsFinite(v) && v >= floor && v < 1e300))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (high == 0)
        {
            (low, high) = (Math.Max(floor, 1), Math.Max(floor, 1) * 10);
        }

        // Within a decade or two the ends are at 1, 2 or 5: half of the chart would be empty else.
        double[] mantissas = high / low < 300 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (var exponent = (int)Math.Floor(Math.Log10(low) + 1e-12) - 1; exponent <= Math.Ceiling(Math.Log10(high)) + 1; exponent++)
        {
            ticks.AddRange(mantissas.Select(m => Round(m * Math.Pow(10, exponent))));
        }

        var begin = Math.Max(ticks.FindLastIndex(t => t <= low * (1 + 1e-9)), 0);
        var end = ticks.FindIndex(t => t >= high * (1 - 1e-9));
        end = end <= begin ? begin + 1 : end;
        var within = ticks.GetRange(begin, end - begin + 1);

        // Many decades: every second, third, …, counted from the end, where most of the data are.
        var stride = (within.Count + 8) / 9;
        return new Scale(
            Math.Min(within[0], low), Math.Max(within[^1], high), isLog: true,
                [.. within.Where((_, i) => (within.Count - 1 - i) % stride == 0)]);
    }

    /// <summary>The next of 1, 2 and 5 times a power of ten.</summary>
    internal static double Step(double atLeast)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        foreach (var mantissa in new[] { 1, 2, 5, 10 })
        {
            if (mantissa * power >= atLeast * (1 - 1e-9))
            {
                return mantissa * power;
            }
        }

        return 10 * power;
    }

    /// <summary>Without the last digits' noise, so that 0.3 is written as 0.3.</summary>
    private static double Round(double value) =>
        double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
