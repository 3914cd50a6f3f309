using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Limits;

/// <summary>
/// A set of networks as disjoint intervals in ascending order: containment is one binary search, for some hundreds of
/// networks nine steps. The families stay apart, although <c>::/0</c> includes the mapped form of every IPv4 address.
/// Immutable.
/// </summary>
internal sealed class AddressRanges
{
    private readonly Interval[] _ipv4;
    private readonly Interval[] _ipv6;

    internal AddressRanges(IEnumerable<IPNetwork> networks)
    {
        var all = networks.Select(Interval.Of).ToArray();
        _ipv4 = Merge(all.Where(static interval => interval.IsIPv4));
        _ipv6 = Merge(all.Where(static interval => !interval.IsIPv4));
    }

    /// <summary>There is none.</summary>
    internal bool IsEmpty => _ipv4.Length + _ipv6.Length == 0;

    /// <summary>Whether one of the networks contains the address.</summary>
    internal bool Contains(in AddressKey address)
    {
        var intervals = address.IsIPv4 ? _ipv4 : _ipv6;
        int low = 0, high = intervals.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = intervals[middle].First <= address.Address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && address.Address <= intervals[low - 1].Last;
    }

    private static Interval[] Merge(IEnumerable<Interval> intervals)
    {
        // Networks nest or are apart; they never overlap in part.
        var merged = new List<Interval>();
        foreach (var interval in intervals.OrderBy(static i => i.First).ThenByDescending(static i => i.Last))
        {
            if (merged.Count == 0 || interval.First > merged[^1].Last)
            {
                merged.Add(interval);
            }
        }

        return [.. merged];
    }

    private readonly record struct Interval(UInt128 First, UInt128 Last, bool IsIPv4)
    {
        internal static Interval Of(IPNetwork network)
        {
            // IPv4 is held as ::ffff:a.b.c.d, so its prefixes are 96 bits longer.
            var key = AddressKey.From(network.BaseAddress, 0);
            var length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
            var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
            return new Interval(key.Address & mask, key.Address | ~mask, key.IsIPv4 && length >= 96);
        }
    }
}
