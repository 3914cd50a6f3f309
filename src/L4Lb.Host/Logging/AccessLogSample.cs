using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>
/// Which sessions get a line: one in <see cref="Every"/> of those that ended in order, and each of the others. Chosen by the
/// session's number alone, so that the same are chosen whoever asks. Thread-safe.
/// </summary>
/// <param name="Every">N of one in N; 1 for each.</param>
internal readonly record struct AccessLogSample(long Every)
{
    /// <summary>Every session.</summary>
    public static AccessLogSample All { get; } = new(1);

    /// <summary>How many sessions the line of <paramref name="session"/> stands for; 0 when it gets none.</summary>
    public long WeightOf(in SessionRecord session)
    {
        if (Every <= 1 || !TerminationCode.IsOrderly(in session))
        {
            return 1;
        }

        return Mix((ulong)session.Id) % (ulong)Every == 0 ? Every : 0;
    }

    /// <summary>
    /// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Numbers are given
    /// out in turn, and so are backends: every hundredth session as such would be one backend's.
    /// </summary>
    private static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
