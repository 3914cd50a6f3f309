using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Affinity;

/// <summary>
/// What of a client's address counts: the first bits of it, so many per family, as IPVS has it with its persistence
/// netmask. Compiled once per snapshot.
/// </summary>
/// <remarks>
/// The families never meet in one key. An IPv4 address keeps the 96 bits of its mapped form, whose last 16 are ones; an
/// IPv6 address that is no mapped one either differs from them or has lost some of them to the mask.
/// </remarks>
internal readonly struct AffinityMask
{
    // Immutable.
    private readonly UInt128 _ipv4;
    private readonly UInt128 _ipv6;

    /// <param name="ipv4PrefixLength">Bits of an IPv4 address that count, 1…32.</param>
    /// <param name="ipv6PrefixLength">Bits of an IPv6 address that count, 1…128.</param>
    public AffinityMask(int ipv4PrefixLength, int ipv6PrefixLength)
    {
        _ipv4 = UInt128.MaxValue << (32 - ipv4PrefixLength);
        _ipv6 = UInt128.MaxValue << (128 - ipv6PrefixLength);
    }

    /// <summary>The key of <paramref name="client"/> in an <see cref="AffinityTable"/>.</summary>
    public UInt128 KeyOf(in AddressKey client) => client.Address & (client.IsIPv4 ? _ipv4 : _ipv6);
}
