using System.Globalization;

namespace L4Lb.Host.Client.Get;

/// <summary>Numbers as people read them: three digits that matter, and a unit.</summary>
internal static class Human
{
    private static readonly string[] s_counts = ["", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] s_bytes = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A count: exact up to 9999, then as <c>12.3k</c>.</summary>
    public static string Count(long count) => count is > -10_000 and < 10_000 ? Invariant($"{count}") : Scaled(count, s_counts);

    /// <summary>Bytes, in powers of a thousand: <c>1.23MB</c>.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, s_bytes);

    /// <summary>How many in a second: <c>0</c>, <c>0.3</c>, <c>12.3k</c>.</summary>
    public static string Rate(double perSecond) => Scaled(perSecond, s_counts);

    /// <summary>A short time, from microseconds: <c>850us</c>, <c>1.2ms</c>, <c>3.4s</c>; <c>-</c> when it is not known.</summary>
    public static string Micros(double? micros) => micros switch
    {
        null => "-",
        < 999.5 => Invariant($"{micros.Value:0}us"),
        < 999_500 => $"{Digits(micros.Value / 1000)}ms",
        _ => $"{Digits(micros.Value / 1_000_000)}s",
    };

    /// <summary>How long ago, as kubectl writes ages: the second unit only while the first is small.</summary>
    public static string Age(TimeSpan age)
    {
        if (age < TimeSpan.Zero)
        {
            age = TimeSpan.Zero; // Two machines, two clocks.
        }

        return age switch
        {
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
            { TotalMinutes: < 10 } => Two(age.Minutes, "m", age.Seconds, "s"),
            { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
            { TotalHours: < 8 } => Two(age.Hours, "h", age.Minutes, "m"),
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
            { TotalDays: < 8 } => Two(age.Days, "d", age.Hours, "h"),
            { TotalDays: < 730 } => $"{age.Days}d",
            _ => $"{age.Days / 365}y",
        };
    }

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";

    private static string Scaled(double value, string[] units)
    {
        var unit = 0;
        while (Math.Abs(value) >= 999.5 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        return Digits(value) + units[unit];
    }

    private static string Digits(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 9.995 => Invariant($"{value:0.##}"),
        < 99.95 => Invariant($"{value:0.#}"),
        _ => Invariant($"{value:0}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
