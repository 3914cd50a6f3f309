namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Bytes per second as an exponentially decaying average: every byte counts as 1 / window when it comes, and 1/e of
/// that a window later. A steady flow is told at its true rate after a few windows; what has stopped fades. A mutable
/// struct that lives in a field. Thread-safe.
/// </summary>
internal struct ByteRate
{
    // The decayed sum of bytes.
    private StampedCell _cell;

    /// <summary>Bytes per second at <paramref name="nowMs"/>.</summary>
    internal readonly float At(long nowMs, float windowMs) => Sum(_cell.Read(), nowMs, windowMs) / windowMs * 1000;

    /// <summary>Adds <paramref name="bytes"/> that have come just now.</summary>
    internal void Add(long bytes, long nowMs, float windowMs)
    {
        if (bytes <= 0)
        {
            return;
        }

        while (true)
        {
            var seen = _cell.Read();
            var sum = Sum(seen, nowMs, windowMs) + bytes;
            if (_cell.TryReplace(seen, seen.IsEmpty ? Stamped.At(nowMs, sum) : seen.After(seen.ElapsedMs(nowMs), sum)))
            {
                return;
            }
        }
    }

    private static float Sum(Stamped seen, long nowMs, float windowMs) =>
        seen.ElapsedMs(nowMs) is > 0 and var elapsedMs ? seen.Value * MathF.Exp(-elapsedMs / windowMs) : seen.Value;
}
