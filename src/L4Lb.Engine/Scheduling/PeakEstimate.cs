namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The peak-sensitive moving average of a time: a sample above it replaces it at once, one below pulls it down by as
/// much as time has passed, and while nobody samples it falls towards 0, so that who was slow gets another chance.
/// Finagle's peak EWMA (finagle-core, com.twitter.finagle.loadbalancer.PeakEwma; also Rust's tower-load). A mutable
/// struct that lives in a field. Thread-safe.
/// </summary>
/// <remarks>
/// There a read writes the decayed value back, here it does not: picks do not contend, and how often one asks makes no
/// difference to what one is told.
/// </remarks>
internal struct PeakEstimate
{
    private StampedCell _cell;

    /// <summary>The estimate at <paramref name="nowMs"/>, in microseconds.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="decayMs">Time in which it falls to 1/e.</param>
    /// <param name="initial">What is assumed before the first sample, from the first time that somebody asks.</param>
    internal float At(long nowMs, float decayMs, float initial)
    {
        var seen = _cell.Read();
        if (seen.IsEmpty)
        {
            // Whoever is first starts the decay. Were the assumption to stay as it is, a new backend that nobody
            // chooses because of it would never be measured.
            _cell.TryReplace(seen, Stamped.At(nowMs, initial));
            return initial;
        }

        return seen.Value * Left(seen.ElapsedMs(nowMs), decayMs);
    }

    /// <summary>Takes a sample of <paramref name="micros"/> microseconds.</summary>
    internal void Observe(long micros, long nowMs, float decayMs)
    {
        var sample = (float)Math.Max(micros, 1);
        while (true)
        {
            var seen = _cell.Read();
            var elapsedMs = seen.ElapsedMs(nowMs);
            if (elapsedMs == 0 && sample <= seen.Value)
            {
                // No time has passed that it could speak for: nothing to write, and nobody to contend with.
                return;
            }

            var left = Left(elapsedMs, decayMs);
            var next = seen.IsEmpty ? Stamped.At(nowMs, sample)
                : seen.After(elapsedMs, sample > seen.Value ? sample : (seen.Value * left) + (sample * (1 - left)));
            if (_cell.TryReplace(seen, next))
            {
                return;
            }
        }
    }

    private static float Left(int elapsedMs, float decayMs) => elapsedMs == 0 ? 1 : MathF.Exp(-elapsedMs / decayMs);
}
