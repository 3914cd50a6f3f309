using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.K8s.Validation;

/// <summary>What the API server takes for an address, and which addresses it refuses.</summary>
public static class AddressRules
{
    /// <summary>What is wrong with a text that is no address.</summary>
    internal const string MustBeAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    /// <summary>What is wrong with a loopback address. Standalone mode serves them all the same, with a warning.</summary>
    internal const string Loopback = "may not be in the loopback range (127.0.0.0/8, ::1/128)";

    /// <summary>
    /// Reads an address as Kubernetes does: <c>010.0.0.1</c> is 10.0.0.1, where the framework reads octal, and an IPv4
    /// address written as IPv6 (<c>::ffff:10.0.0.1</c>) is the IPv4 address. No zones, no short forms (<c>10.1</c>).
    /// </summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out address);
        }

        if (text.AsSpan().ContainsAny("%[]/") || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return true;
    }

    /// <summary>Reads a network, <c>10.9.8.0/24</c>, by the same rules. Bits beyond the prefix are cut off.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network, out IPAddress address)
    {
        network = default;
        address = IPAddress.None;
        var slash = text.IndexOf('/');
        if (slash < 0 || !TryParse(text[..slash], out address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
        var isMapped = address.AddressFamily == AddressFamily.InterNetwork && text.Contains(':');
        length -= isMapped ? 96 : 0;
        var bytes = address.GetAddressBytes();
        if (length < 0 || length > bytes.Length * 8)
        {
            return false;
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    /// <summary>Why <paramref name="address"/> cannot be an endpoint or an external address; null when it can.</summary>
    /// <param name="address">The address.</param>
    /// <param name="text">The address as written.</param>
    internal static string? SpecialProblem(IPAddress address, string text)
    {
        var bytes = address.GetAddressBytes();
        var isIPv4 = bytes.Length == 4;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return $"may not be unspecified ({text})";
        }

        if (IPAddress.IsLoopback(address))
        {
            return Loopback;
        }

        if (isIPv4 ? bytes is [169, 254, ..] : address.IsIPv6LinkLocal)
        {
            return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
        }

        return (isIPv4 ? bytes is [224, 0, 0, _] : bytes[0] == 0xff && (bytes[1] & 0x0f) == 2)
            ? "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
            : null;
    }

    /// <summary>What the API server warns of about the way an address is written; null for the way it should be.</summary>
    internal static string? FormWarning(string text)
    {
        if (!TryParse(text, out var address))
        {
            return null;
        }

        var canonical = address.ToString();
        if (canonical == text)
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"non-standard IP address \"{text}\" will be considered invalid in a future Kubernetes release: use \"{canonical}\""
            : $"IPv6 address \"{text}\" should be in RFC 5952 canonical format (\"{canonical}\")";
    }

    /// <summary>What the API server warns of about the way a network is written; null for the way it should be.</summary>
    internal static string? NetworkFormWarning(string text)
    {
        if (!TryParseNetwork(text, out var network, out var address) || network.ToString() == text)
        {
            return null;
        }

        if (!network.BaseAddress.Equals(address))
        {
            var bits = address.GetAddressBytes().Length * 8;
            return $"CIDR value \"{text}\" is ambiguous in this context (should be \"{network}\" or \"{address}/{bits}\"?)";
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"non-standard CIDR value \"{text}\" will be considered invalid in a future Kubernetes release: use \"{network}\""
            : $"IPv6 CIDR value \"{text}\" should be in RFC 5952 canonical format (\"{network}\")";
    }

    private static bool TryParseIPv4(string text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> bytes = stackalloc byte[4];
        var rest = text.AsSpan();
        for (var i = 0; i < 4; i++)
        {
            var end = i < 3 ? rest.IndexOf('.') : rest.Length;
            if (end <= 0 || !byte.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }

            rest = rest[Math.Min(rest.Length, end + 1)..];
        }

        address = new IPAddress(bytes);
        return true;
    }
}
