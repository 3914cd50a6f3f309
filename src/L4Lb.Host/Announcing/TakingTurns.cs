using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Spreads addresses over nodes that do not know each other: each waits its own time before it takes an address that is
/// free, by a hash of both. Whoever comes first for one address comes late for another, and when it leaves, its addresses go
/// to different nodes (rendezvous hashing; Thaler and Ravishankar, 1998). Pure.
/// </summary>
internal static class TakingTurns
{
    /// <summary>The longest wait. Two nodes are in order when they differ by more than the API server takes to answer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>How long <paramref name="node"/> leaves <paramref name="address"/> to others that come first.</summary>
    public static TimeSpan WaitOf(string node, IPAddress address)
    {
        byte[] both = [.. Encoding.UTF8.GetBytes(node), 0, .. address.GetAddressBytes()];
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(both));
        return LongestWait * (hash / (double)ulong.MaxValue);
    }
}
