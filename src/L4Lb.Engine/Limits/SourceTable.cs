using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Limits;

/// <summary>
/// What each client address (or network) does to one service: its new sessions within a sliding window, its open ones,
/// and until when it is denied. Bounded: beyond the bound the source that was not seen for longest goes, but never one
/// with open sessions, of which there are no more than sessions. Shared by all shards and kept over reloads. Thread-safe;
/// times are milliseconds of any clock that does not go back.
/// </summary>
/// <remarks>
/// Sources lie in stripes with short locks of their own, so shards seldom wait for each other. A table that is made
/// small has one stripe and with it one exact order of eviction.
/// </remarks>
internal sealed class SourceTable
{
    /// <summary>Stripes of a large table, as many as the affinity table has.</summary>
    private const int StripesMax = 8;

    /// <summary>Least bound of a stripe where there are several, so that chance fills them about evenly.</summary>
    private const int StripeEntriesMin = 1024;

    private readonly SourceStripe[] _stripes;

    // Written by the control plane, read by any.
    private volatile SourceLimits _limits;

    // Any thread (Interlocked).
    private long _refused;

    internal SourceTable(SourceLimitSpec spec)
    {
        _stripes = new SourceStripe[Math.Clamp(spec.MaxEntries / StripeEntriesMin, 1, StripesMax)];
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new SourceStripe();
        }

        _limits = SourceLimits.From(spec);
        Update(spec);
    }

    /// <summary>Sessions refused, ever.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>The table for <paramref name="spec"/>, with what <paramref name="old"/> knows; null without limits.</summary>
    internal static SourceTable? Exchange(SourceTable? old, SourceLimitSpec? spec)
    {
        if (spec is not null)
        {
            old?.Update(spec);
        }

        return spec is null ? null : old ?? new SourceTable(spec);
    }

    /// <summary>
    /// Puts other bounds in force for what comes next; what is known of sources stays. For the control plane.
    /// </summary>
    internal void Update(SourceLimitSpec spec)
    {
        _limits = SourceLimits.From(spec);
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                stripe.Bound = Math.Max((spec.MaxEntries + _stripes.Length - 1) / _stripes.Length, 1);
                stripe.Evict(stripe.Bound);
            }
        }
    }

    /// <summary>Lets one session of <paramref name="client"/> in, or refuses it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="nowMs">Now.</param>
    /// <param name="source">What to give to <see cref="Leave"/> when the session is over.</param>
    internal bool TryEnter(in AddressKey client, long nowMs, out UInt128 source)
    {
        var limits = _limits;
        source = limits.SourceOf(client);
        var stripe = StripeOf(source);
        bool enters;
        lock (stripe.Lock)
        {
            enters = stripe.TryEnter(source, limits, nowMs);
        }

        if (!enters)
        {
            Interlocked.Increment(ref _refused);
        }

        return enters;
    }

    /// <summary>Counts one session out; once for each that was let in.</summary>
    internal void Leave(UInt128 source)
    {
        var stripe = StripeOf(source);
        lock (stripe.Lock)
        {
            stripe.Leave(source);
        }
    }

    /// <summary>
    /// Sources remembered, those of them that are denied now, and their open sessions. Forgets those of which nothing
    /// matters any more. Each stripe at its own moment, in time that grows with the table: for who looks at it.
    /// </summary>
    internal (int Sources, int Denied, int Open) Measure(long nowMs)
    {
        var (sources, denied, open) = (0, 0, 0);
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                stripe.Reclaim(_limits, nowMs, int.MaxValue);
                var measured = stripe.Measure(nowMs);
                (sources, denied, open) = (sources + stripe.Count, denied + measured.Denied, open + measured.Open);
            }
        }

        return (sources, denied, open);
    }

    /// <summary>
    /// The framework's hash of the address has a secret, so that nobody can choose sources that collide; its upper bits
    /// choose the stripe, because the dictionaries use it modulo a prime.
    /// </summary>
    private SourceStripe StripeOf(UInt128 source) =>
        _stripes[(int)(((ulong)(uint)source.GetHashCode() * (uint)_stripes.Length) >> 32)];
}
