using System.Globalization;
using System.Text.RegularExpressions;

namespace L4Lb.Host.Cli.Values;

/// <summary>Durations as Kubernetes and Go write them: <c>250ms</c>, <c>10s</c>, <c>1h30m</c>.</summary>
internal static partial class DurationText
{
    /// <summary>Reads a duration that is not negative.</summary>
    public static TimeSpan Read(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var match = Shape().Match(text);
        if (!match.Success)
        {
            throw new FormatException("must be a duration such as 250ms, 10s or 1h30m");
        }

        try
        {
            return Part(match, "h", TimeSpan.FromHours(1)) + Part(match, "m", TimeSpan.FromMinutes(1))
                + Part(match, "s", TimeSpan.FromSeconds(1)) + Part(match, "ms", TimeSpan.FromMilliseconds(1));
        }
        catch (OverflowException e)
        {
            throw new FormatException("is too long", e);
        }
    }

    private static TimeSpan Part(Match match, string name, TimeSpan unit) => match.Groups[name] is { Success: true } group
        ? unit * double.Parse(group.ValueSpan, CultureInfo.InvariantCulture)
        : TimeSpan.Zero;

    [GeneratedRegex(@"^(?=\d)((?<h>\d+(\.\d+)?)h)?((?<m>\d+(\.\d+)?)m)?((?<s>\d+(\.\d+)?)s)?((?<ms>\d+(\.\d+)?)ms)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
