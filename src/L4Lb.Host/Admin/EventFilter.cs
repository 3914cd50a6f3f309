using L4Lb.Host.Journal;

namespace L4Lb.Host.Admin;

/// <summary>Which events are meant.</summary>
/// <param name="Kinds">Those of these kinds; empty for all.</param>
/// <param name="Least">Those that matter at least so much.</param>
/// <param name="About">Those about something with this name; null for all.</param>
internal sealed record EventFilter(IReadOnlyList<string> Kinds, LogLevel Least, string? About)
{
    /// <summary>All of them.</summary>
    public static EventFilter All { get; } = new([], LogLevel.Information, null);

    /// <summary>Reads the parts of a query.</summary>
    public static bool TryRead(string? kinds, string? level, string? about, out EventFilter filter, out string problem)
    {
        (filter, problem) = (All, "");
        if (level is not null)
        {
            if (!Enum.TryParse<LogLevel>(level, ignoreCase: true, out var least) || !Enum.IsDefined(least) || char.IsAsciiDigit(level[0]))
            {
                problem = $"level={level}: must be information, warning, error or critical";
                return false;
            }

            filter = filter with { Least = least };
        }

        filter = filter with
        {
            Kinds = kinds?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            About = about,
        };
        return true;
    }

    /// <summary>Whether an event is meant.</summary>
    public bool Fits(JournalEvent happened) =>
        happened.Level >= Least
        && (Kinds.Count == 0 || Kinds.Contains(happened.Kind))
        && (About is null || happened.About.Values.Any(value => value.Contains(About, StringComparison.Ordinal)));
}
