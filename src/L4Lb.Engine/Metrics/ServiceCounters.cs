namespace L4Lb.Engine.Metrics;

/// <summary>What one shard counts of the sessions and flows of one service, or of all.</summary>
internal class ServiceCounters : TrafficCounters
{
    /// <summary>Room for so many reasons to close a session, which are counted by their number.</summary>
    internal const int ReasonsMost = 32;

    // Shard thread only; read by any.
    private readonly long[] _closed = new long[ReasonsMost];

    /// <summary>Connects started.</summary>
    internal long ConnectAttempts { get; private set; }

    /// <summary>Those of them that were not their session's first.</summary>
    internal long Retries { get; private set; }

    /// <summary>Connects that failed.</summary>
    internal long ConnectFailures { get; set; }

    /// <summary>How long connects took that succeeded.</summary>
    internal DurationCounters ConnectTimes { get; } = new();

    /// <summary>Sessions closed for <paramref name="reason"/>.</summary>
    internal long Closed(int reason) => Volatile.Read(ref _closed[reason]);

    internal void AddClosed(int reason) => _closed[reason]++;

    /// <summary>Counts a connect that begins.</summary>
    /// <param name="attempt">The how many-th of its session, from 1.</param>
    internal void AddAttempt(int attempt)
    {
        ConnectAttempts++;
        Retries += attempt > 1 ? 1 : 0;
    }
}
