namespace L4Lb.Lab.Simulation;

/// <summary>Sums up how far several runs are, and says so now and then. Thread-safe.</summary>
internal sealed class Tally(int runs, TimeProvider time, IProgress<LabProgress>? progress)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();

    // Under the lock.
    private readonly double[] _parts = new double[runs];
    private readonly long[] _events = new long[runs];
    private long _reportedAt = time.GetTimestamp();

    /// <summary>Events so far.</summary>
    internal long Events
    {
        get
        {
            lock (_lock)
            {
                return _events.Sum();
            }
        }
    }

    /// <summary>A run is so far.</summary>
    internal void Note(int run, double part, long events)
    {
        lock (_lock)
        {
            (_parts[run], _events[run]) = (part, events);
        }

        Report(isLast: false);
    }

    /// <summary>Says how far it is, unless that was said just now.</summary>
    internal void Report(bool isLast)
    {
        LabProgress now;
        lock (_lock)
        {
            if (progress is null || (!isLast && time.GetElapsedTime(_reportedAt) < s_pause))
            {
                return;
            }

            _reportedAt = time.GetTimestamp();
            var part = _parts.Average();
            var passed = time.GetElapsedTime(_startedAt);
            now = new LabProgress(part, _events.Sum(), part > 0.01 ? (passed / part) - passed : null);
        }

        progress.Report(now);
    }
}
