using System.Globalization;
using System.Net;
using System.Net.Sockets;
using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Zones;

/// <summary>The names under which addresses are looked up (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
public static class ReverseName
{
    // A network that begins in the middle of a label is several zones; beyond these it is none, and known addresses alone answer.
    private const int ZonesMost = 256;

    private static readonly DnsName s_ipv4 = DnsName.Parse("in-addr.arpa");
    private static readonly DnsName s_ipv6 = DnsName.Parse("ip6.arpa");

    /// <summary>The names that all IPv4 and all IPv6 addresses are under.</summary>
    public static IReadOnlyList<DnsName> Roots { get; } = [s_ipv4, s_ipv6];

    /// <summary>The name of an address.</summary>
    public static DnsName Of(IPAddress address) => Of(address, address.GetAddressBytes().Length * 8);

    /// <summary>The origins of the zones that a network is; none when it is smaller than the smallest that can be given away.</summary>
    public static IReadOnlyList<DnsName> ZonesOf(IPNetwork network)
    {
        var step = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 8 : 4;
        var bytes = network.BaseAddress.GetAddressBytes();
        var length = (network.PrefixLength + step - 1) / step * step;
        var count = 1 << (length - network.PrefixLength);
        if (length == 0 || length == bytes.Length * 8 || count > ZonesMost)
        {
            return [];
        }

        var zones = new DnsName[count];
        for (var i = 0; i < count; i++)
        {
            var part = (byte[])bytes.Clone();
            part[(length - 1) / 8] |= (byte)(i << ((8 - (length % 8)) % 8));
            zones[i] = Of(new IPAddress(part), length);
        }

        return zones;
    }

    private static DnsName Of(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        var name = bytes.Length == 4 ? s_ipv4 : s_ipv6;
        for (var i = 0; i < bits / 8; i++)
        {
            name = bytes.Length == 4
                ? name.Child(bytes[i].ToString(CultureInfo.InvariantCulture))
                : name.Child($"{bytes[i] >> 4:x}").Child($"{bytes[i] & 0xF:x}");
        }

        return bits % 8 == 0 ? name : name.Child($"{bytes[bits / 8] >> 4:x}");
    }
}
