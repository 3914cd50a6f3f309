using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Limits;

/// <summary>The bounds of a source as a table applies them: milliseconds and masks. Immutable.</summary>
/// <param name="MaxNewSessions">Most new sessions within the period; 0 for no bound.</param>
/// <param name="PeriodMs">The sliding window, at least 1.</param>
/// <param name="MaxSessions">Most concurrent sessions; 0 for no bound.</param>
/// <param name="DenyForMs">Time of denial after going beyond a bound.</param>
/// <param name="IPv4Mask">Bits of an IPv4 client that count, in the mapped form.</param>
/// <param name="IPv6Mask">Bits of an IPv6 client that count.</param>
internal sealed record SourceLimits(
    int MaxNewSessions, long PeriodMs, int MaxSessions, long DenyForMs, UInt128 IPv4Mask, UInt128 IPv6Mask)
{
    internal static SourceLimits From(SourceLimitSpec spec) => new(
        spec.MaxNewSessions,
        Math.Max((long)Math.Ceiling(spec.Period.TotalMilliseconds), 1),
        spec.MaxSessions,
        (long)Math.Ceiling(spec.DenyFor.TotalMilliseconds),
        UInt128.MaxValue << (32 - spec.IPv4PrefixLength),
        UInt128.MaxValue << (128 - spec.IPv6PrefixLength));

    /// <summary>The source that <paramref name="client"/> belongs to.</summary>
    internal UInt128 SourceOf(in AddressKey client) => client.Address & (client.IsIPv4 ? IPv4Mask : IPv6Mask);
}
