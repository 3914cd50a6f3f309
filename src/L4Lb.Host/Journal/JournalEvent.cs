namespace L4Lb.Host.Journal;

/// <summary>Something that happened.</summary>
/// <param name="Id">Its number, from 1, in order.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Code">What it is: the number that the log has for it.</param>
/// <param name="Message">It in words.</param>
/// <param name="About">What it is about, by the names that the structured log has, such as <c>service</c> or <c>backend</c>.</param>
internal sealed record JournalEvent(
    long Id, DateTime Time, LogLevel Level, int Code, string Message, IReadOnlyDictionary<string, string> About)
{
    /// <summary>Smallest number of a message of ours.</summary>
    public const int LeastCode = 100;

    /// <summary>The kind of thing, by the hundreds of its number.</summary>
    public string Kind => (Code / 100) switch
    {
        1 => "instance",
        2 => "configuration",
        3 => "listener",
        4 => "access-log",
        5 => "address",
        6 => "health",
        7 => "operator",
        8 => "state",
        9 => "cluster",
        _ => "other",
    };
}
