using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Sessions;

/// <summary>What a listener stands for: a service, and the rules of this way in. Immutable; replaced as a whole.</summary>
/// <param name="Service">The service whose sessions begin here.</param>
/// <param name="Listen">The way in.</param>
internal sealed record ListenerTarget(Service Service, ListenSpec Listen)
{
    private readonly AddressRange[] _ranges = [.. Listen.SourceRanges.Select(AddressRange.From)];

    /// <summary>The address as a flow key holds it.</summary>
    internal AddressKey Address { get; } = AddressKey.From(Listen.Address);

    /// <summary>The address says nothing of what a client addressed: the kernel must be asked.</summary>
    internal bool IsWildcard { get; } = Listen.Address.Address.Equals(IPAddress.Any) || Listen.Address.Address.Equals(IPAddress.IPv6Any);

    /// <summary>Whether <paramref name="client"/> is outside every source range.</summary>
    internal bool Refuses(in AddressKey client)
    {
        if (_ranges.Length == 0)
        {
            return false;
        }

        foreach (var range in _ranges)
        {
            if (range.Contains(client))
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct AddressRange(UInt128 Prefix, UInt128 Mask, bool IsIPv4)
    {
        // The families stay apart, although ::/0 includes the mapped form of every IPv4 address.
        internal bool Contains(in AddressKey client) => (client.Address & Mask) == Prefix && client.IsIPv4 == IsIPv4;

        internal static AddressRange From(IPNetwork network)
        {
            // IPv4 is held as ::ffff:a.b.c.d, so its prefixes are 96 bits longer.
            var key = AddressKey.From(network.BaseAddress, 0);
            var length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
            var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
            return new AddressRange(key.Address & mask, mask, key.IsIPv4 && length >= 96);
        }
    }
}
