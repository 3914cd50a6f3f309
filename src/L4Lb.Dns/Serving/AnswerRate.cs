using L4Lb.Engine.Desired;

namespace L4Lb.Dns.Serving;

/// <summary>
/// How many full answers an address gets by datagram. Questions by datagram may come from anybody in anybody's name, and who is
/// named gets the answers; beyond the rate they are no longer than the questions, and say "by TCP", where nobody can be named
/// who is not there. For one thread.
/// </summary>
/// <remarks>
/// Each place of a fixed table has the time at which its debt is paid (the generic cell rate algorithm, ITU-T I.371), in eight
/// bytes. Addresses that fall on one place share it: who collides by chance is sent to TCP, while nobody can push anybody's
/// debt out of the table by coming from many addresses.
/// </remarks>
/// <param name="perSecond">Full answers a second for an IPv4 address or an IPv6 /64; 0 for no bound.</param>
internal sealed class AnswerRate(int perSecond)
{
    private const int Places = 1 << 16;

    // A second's worth at once: pages are opened in bursts.
    private const long BurstMicros = 1_000_000;

    private readonly long _costMicros = perSecond > 0 ? Math.Max(1_000_000 / perSecond, 1) : 0;
    private readonly long[] _paidAt = perSecond > 0 ? new long[Places] : [];
    private readonly ulong _secret = (ulong)Random.Shared.NextInt64();

    /// <summary>Counts an answer to <paramref name="client"/>; false when it has had its share.</summary>
    internal bool TryTake(in AddressKey client, long nowMicros)
    {
        if (_costMicros == 0 || IsLoopback(client))
        {
            return true;
        }

        ref var paidAt = ref _paidAt[PlaceOf(client)];
        var start = Math.Max(paidAt, nowMicros);
        if (start + _costMicros - nowMicros > BurstMicros)
        {
            return false;
        }

        paidAt = start + _costMicros;
        return true;
    }

    /// <summary>Nobody elsewhere can send in the name of one's own host: the kernel drops that (RFC 1122 §3.2.1.3).</summary>
    private static bool IsLoopback(in AddressKey client) =>
        client.IsIPv4 ? (byte)(client.Address >> 24) == 127 : client.Address == UInt128.One;

    private int PlaceOf(in AddressKey client)
    {
        var who = client.IsIPv4 ? (ulong)client.Address : (ulong)(client.Address >> 64);
        var high = Math.BigMul(who ^ _secret, 0x9E3779B97F4A7C15UL, out var low);
        return (int)((high ^ low) >> 48);
    }
}
