using System.Buffers;
using System.Globalization;

namespace L4Lb.K8s.Annotations;

/// <summary>Durations as Kubernetes users write them: <c>250ms</c>, <c>10s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>0</c>.</summary>
public static class GoDuration
{
    // Longer texts are no durations, and short ones cannot overflow a decimal.
    private const int LongestText = 40;
    private const decimal LargestNumber = 1e15m;

    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration that is not negative. Parts of 100 ns are dropped.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        if (text is "0")
        {
            return true;
        }

        if (text.IsEmpty || text.Length > LongestText)
        {
            return false;
        }

        var ticks = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(s_number);
            if (digits <= 0
                || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > LargestNumber)
            {
                return false;
            }

            text = text[digits..];
            var next = text.IndexOfAny(s_number);
            var unit = TicksOf(next < 0 ? text : text[..next]);
            if (unit == 0)
            {
                return false;
            }

            ticks += number * unit;
            text = next < 0 ? default : text[next..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Writes a duration as short as it can be read back: <c>1h30m</c>, <c>250ms</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1))
        {
            return value == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds}ms");
        }

        var hours = (long)value.TotalHours;
        var seconds = (decimal)(value - TimeSpan.FromMinutes((long)value.TotalMinutes)).Ticks / TimeSpan.TicksPerSecond;
        return (hours > 0 ? $"{hours}h" : "")
            + (value.Minutes > 0 ? $"{value.Minutes}m" : "")
            + (seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}s") : "");
    }

    private static decimal TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => 0,
    };
}
