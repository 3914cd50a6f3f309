using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Allocation;

/// <summary>
/// The ClusterIPs of one family. The network address, and the broadcast address of IPv4, are not given out.
/// </summary>
/// <remarks>
/// Of an IPv6 network, only the first 65536 addresses are given to those who ask for none, as by the API server's
/// bitmap allocator: nobody needs more, and the addresses stay short. Any address of the network may be asked for.
/// </remarks>
internal sealed class ClusterIPRange
{
    // KEP-3070: min(max(16, size/16), 256), and no bands when no address would be left above them.
    private const ulong LeastBand = 16;
    private const ulong MostBand = 256;
    private const ulong SizePerBand = 16;
    private const int MostDynamicBits = 16;

    private readonly IPNetwork _network;
    private readonly UInt128 _first;
    private readonly UInt128 _usable;
    private readonly BandedRange _numbers;

    /// <summary>Creates a range with nothing taken.</summary>
    public ClusterIPRange(IPNetwork network)
    {
        _network = network;
        var isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        var bits = (isIPv4 ? 32 : 128) - network.PrefixLength;
        var size = bits == 128 ? UInt128.MaxValue : UInt128.One << bits;
        var unusable = isIPv4 ? 2u : 1u;
        _usable = size > unusable ? size - unusable : 0;
        _first = AddressKey.From(network.BaseAddress, 0).Address + 1;

        var dynamicSize = isIPv4 || bits <= MostDynamicBits ? (ulong)size : 1UL << MostDynamicBits;
        var usable = dynamicSize > unusable ? dynamicSize - unusable : 0;
        _numbers = new(usable, BandOf(dynamicSize));
    }

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public string Family => AddressText.FamilyOf(_network.BaseAddress);

    /// <summary>The first address, which a cluster gives to its own API.</summary>
    public IPAddress First => AddressAt(0);

    /// <summary>Takes <paramref name="address"/>.</summary>
    /// <returns>Why it cannot be had, or null.</returns>
    public string? Take(IPAddress address)
    {
        // Addresses below the first wrap around to numbers beyond every range.
        var number = unchecked(AddressKey.From(address, 0).Address - _first);
        if (number >= _usable)
        {
            return $"the provided IP ({address}) is not in the valid range. The range of valid IPs is {_network} (--service-cidr)";
        }

        return _numbers.TryTake(number) ? null : "provided IP is already allocated";
    }

    /// <summary>Takes a free address; null when there is none.</summary>
    public IPAddress? TakeAny(Random random) => _numbers.TakeAny(random) is { } number ? AddressAt(number) : null;

    private static ulong BandOf(ulong size) => size <= LeastBand ? 0 : Math.Clamp(size / SizePerBand, LeastBand, MostBand);

    private IPAddress AddressAt(ulong number) => new AddressKey(_first + number, 0).ToIPAddress();
}
