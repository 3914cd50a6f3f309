using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Pools;

/// <summary>Consecutive addresses of one family, as numbers in which IPv4 is mapped into IPv6: see <see cref="AddressKey"/>.</summary>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address, included.</param>
public readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    /// <summary>Whether these are IPv4 addresses.</summary>
    public bool IsIPv4 => new AddressKey(First, 0).IsIPv4;

    /// <summary>Number of addresses; that of all IPv6 addresses does not fit and is one less.</summary>
    public UInt128 Count => Last - First == UInt128.MaxValue ? UInt128.MaxValue : Last - First + 1;

    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(UInt128 address) => address >= First && address <= Last;

    /// <summary>Whether some address is in both.</summary>
    public bool Overlaps(in AddressRange other) => First <= other.Last && other.First <= Last;

    /// <summary>Reads <c>192.0.2.0/24</c>, <c>192.0.2.10-192.0.2.20</c> or <c>192.0.2.7</c>; says what is wrong otherwise.</summary>
    public static bool TryParse(string text, out AddressRange range, [NotNullWhen(false)] out string? problem)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var end = slash >= 0 ? slash : dash >= 0 ? dash : text.Length;
        problem = "must be 192.0.2.0/24, 192.0.2.10-192.0.2.20 or an address, of IPv4 or IPv6";
        if (!AddressText.TryParse(text.AsSpan(0, end).Trim(), out var first))
        {
            return false;
        }

        if (slash >= 0)
        {
            return TryParsePrefix(first, text.AsSpan(slash + 1), out range, out problem);
        }

        var last = first;
        if (dash >= 0 && !AddressText.TryParse(text.AsSpan(dash + 1).Trim(), out last))
        {
            return false;
        }

        if (first.AddressFamily != last.AddressFamily)
        {
            problem = "begins with one family and ends with the other";
            return false;
        }

        range = new AddressRange(NumberOf(first), NumberOf(last));
        problem = range.First <= range.Last ? null : "ends before it begins";
        return problem is null;
    }

    /// <summary>An address as the number that ranges are made of.</summary>
    public static UInt128 NumberOf(IPAddress address) => AddressKey.From(address, 0).Address;

    /// <summary>The address of a number.</summary>
    public static IPAddress AddressOf(UInt128 number) => new AddressKey(number, 0).ToIPAddress();

    private static bool TryParsePrefix(IPAddress address, ReadOnlySpan<char> text, out AddressRange range, out string? problem)
    {
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        range = default;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > bits)
        {
            problem = $"the prefix length must be 0…{bits}";
            return false;
        }

        // As net.ParseCIDR of Go, and with it MetalLB: bits beyond the prefix do not matter.
        var others = length == bits ? UInt128.Zero : UInt128.MaxValue >> (128 - bits + length);
        var first = NumberOf(address) & ~others;
        range = new AddressRange(first, first | others);
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{AddressOf(First)}" : $"{AddressOf(First)}-{AddressOf(Last)}";
}
