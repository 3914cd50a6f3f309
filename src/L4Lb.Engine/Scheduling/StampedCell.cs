namespace L4Lb.Engine.Scheduling;

/// <summary>
/// A value with the time at which it was right, in one word: threads replace both at once, without a lock. A mutable
/// struct that lives in a field. Thread-safe.
/// </summary>
internal struct StampedCell
{
    // Any thread (Interlocked).
    private long _bits;

    /// <summary>What it holds now.</summary>
    internal readonly Stamped Read() => Stamped.FromBits(Volatile.Read(in _bits));

    /// <summary>Puts <paramref name="next"/> where <paramref name="seen"/> was; false when somebody else was first.</summary>
    internal bool TryReplace(Stamped seen, Stamped next) =>
        Interlocked.CompareExchange(ref _bits, next.ToBits(), seen.ToBits()) == seen.ToBits();
}

/// <summary>A value at a time.</summary>
/// <param name="Value">The value: above 0, or 0 for none yet. 24 bits of it count, which is plenty for a measurement.</param>
/// <param name="AtMs">The low 32 bits of the time, in milliseconds.</param>
internal readonly record struct Stamped(float Value, uint AtMs)
{
    /// <summary>Nothing was put there yet.</summary>
    internal bool IsEmpty => Value == 0;

    /// <summary>A value that is right at <paramref name="nowMs"/>.</summary>
    internal static Stamped At(long nowMs, float value) => new(value, unchecked((uint)nowMs));

    internal static Stamped FromBits(long bits) =>
        new(BitConverter.Int32BitsToSingle((int)(bits >> 32)), unchecked((uint)bits));

    internal long ToBits() => ((long)BitConverter.SingleToInt32Bits(Value) << 32) | AtMs;

    /// <summary>
    /// Time since then, in milliseconds. 0 where the caller's clock is behind the stamp, as it may be by a turn of the
    /// loop, since every shard reads its own; and, harmlessly, between 25 and 50 days of silence.
    /// </summary>
    internal int ElapsedMs(long nowMs) => Math.Max(0, unchecked((int)((uint)nowMs - AtMs)));

    /// <summary>The next value, at <paramref name="elapsedMs"/> after this one: time never runs backwards.</summary>
    internal Stamped After(int elapsedMs, float value) => new(value, unchecked(AtMs + (uint)elapsedMs));
}
