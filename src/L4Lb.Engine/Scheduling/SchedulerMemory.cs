namespace L4Lb.Engine.Scheduling;

/// <summary>
/// What a service's scheduler remembers from one snapshot to the next: the turn of the round robin and the state of
/// the dice. Kept by the service, so a reload neither restarts the round nor repeats the dice. Thread-safe.
/// </summary>
public sealed class SchedulerMemory
{
    // Any thread (Interlocked).
    private long _turn = -1;
    private long _dice;

    private object? _state;

    /// <summary>Creates a memory whose dice are determined by <paramref name="seed"/>.</summary>
    /// <param name="seed">Determines the dice.</param>
    /// <param name="total">Sessions of all the service's backends; null when nobody counts them.</param>
    public SchedulerMemory(ulong seed, LoadTotal? total = null) => (_dice, Total) = (unchecked((long)seed), total ?? new LoadTotal());

    /// <summary>Sessions of all the service's backends.</summary>
    public LoadTotal Total { get; }

    /// <summary>
    /// What a scheduler keeps over reloads besides, made by <paramref name="create"/> the first time or when another kind
    /// of scheduler was there before. For the control plane, when a scheduler is compiled.
    /// </summary>
    public T Keep<T>(Func<T> create)
        where T : class
    {
        if (_state is not T state)
        {
            _state = state = create();
        }

        return state;
    }

    /// <summary>The next turn: 0, 1, 2, …; each value is given once, whichever shard asks.</summary>
    public ulong NextTurn() => unchecked((ulong)Interlocked.Increment(ref _turn));

    /// <summary>
    /// The next 64 random bits. SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
    /// OOPSLA 2014), because its state is a counter, which threads can share with one atomic add.
    /// </summary>
    public ulong NextRandom()
    {
        unchecked
        {
            var z = (ulong)Interlocked.Add(ref _dice, (long)0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>
    /// A random number below <paramref name="bound"/>, which must not be 0; all equally likely. Lemire: "Fast random
    /// integer generation in an interval", ACM TOMACS 29 (2019). It draws again with probability under
    /// <paramref name="bound"/> / 2^64, which for sums of weights means never.
    /// </summary>
    public ulong NextRandom(ulong bound)
    {
        var number = Math.BigMul(NextRandom(), bound, out var remainder);
        if (remainder < bound)
        {
            for (var bias = unchecked(0 - bound) % bound; remainder < bias;)
            {
                number = Math.BigMul(NextRandom(), bound, out remainder);
            }
        }

        return number;
    }
}
