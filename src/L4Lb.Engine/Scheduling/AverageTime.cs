namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The moving average of a time over samples, as nginx keeps it for least_time: the first sample as it is, every
/// further one with a weight of 1/20. A mutable struct that lives in a field. Thread-safe.
/// </summary>
internal struct AverageTime
{
    private const float SampleWeight = 0.05f;

    private StampedCell _cell;

    /// <summary>The average in microseconds, 0 before the first sample; and the time since the last one.</summary>
    internal readonly (float Micros, int IdleMs) At(long nowMs)
    {
        var seen = _cell.Read();
        return (seen.Value, seen.IsEmpty ? 0 : seen.ElapsedMs(nowMs));
    }

    /// <summary>Takes a sample of <paramref name="micros"/> microseconds.</summary>
    internal void Observe(long micros, long nowMs)
    {
        var sample = (float)Math.Max(micros, 1);
        while (true)
        {
            var seen = _cell.Read();
            var next = seen.IsEmpty ? Stamped.At(nowMs, sample)
                : seen.After(seen.ElapsedMs(nowMs), (SampleWeight * sample) + ((1 - SampleWeight) * seen.Value));
            if (_cell.TryReplace(seen, next))
            {
                return;
            }
        }
    }
}
