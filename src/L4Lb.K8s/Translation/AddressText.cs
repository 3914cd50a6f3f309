using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.K8s.Translation;

/// <summary>
/// Reads addresses as the Kubernetes API does. <see cref="IPAddress.TryParse(string, out IPAddress)"/> alone takes
/// <c>010.0.0.1</c> as octal, <c>10.1</c> as an address and scope ids; the API reads the first as decimal
/// (CVE-2021-29923) and knows neither of the others.
/// </summary>
internal static class AddressText
{
    /// <summary>Reads an IPv4 or IPv6 address; an IPv4-mapped IPv6 address is the IPv4 one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out address);
        }

        if (text.IndexOfAny('%', '[', ']') >= 0 || !IPAddress.TryParse(text, out address))
        {
            address = null;
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return true;
    }

    /// <summary>Reads <c>10.0.0.1</c>, <c>10.0.0.1:80</c>, <c>fd00::1</c> or <c>[fd00::1]:80</c>; port 0 when there is none.</summary>
    public static bool TryParseWithPort(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var address = text;
        var port = ReadOnlySpan<char>.Empty;
        var colon = text.LastIndexOf(':');
        if (text.StartsWith("["))
        {
            var close = text.IndexOf(']');
            if (close < 0 || (close + 1 < text.Length && close + 1 != colon))
            {
                return false;
            }

            address = text[1..close];
            port = close + 1 < text.Length ? text[(colon + 1)..] : port;
        }
        else if (colon >= 0 && text.IndexOf(':') == colon)
        {
            address = text[..colon];
            port = text[(colon + 1)..];
        }

        var number = 0;
        var hasPort = address.Length + (text.StartsWith("[") ? 2 : 0) < text.Length;
        if (hasPort && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || number is < 1 or > 65535))
        {
            return false;
        }

        if (!TryParse(address, out var parsed))
        {
            return false;
        }

        endPoint = new IPEndPoint(parsed, number);
        return true;
    }

    /// <summary>Reads a network; bits beyond its prefix are dropped, as the API reads old objects.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (length > bits)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[bits / 8];
        address.TryWriteBytes(bytes, out _);
        for (var i = length; i < bits; i++)
        {
            bytes[i / 8] &= (byte)~(0x80 >> (i % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    /// <summary><c>IPv4</c> or <c>IPv6</c>, as <c>ipFamilies</c> names them.</summary>
    public static string FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (count == bytes.Length
                || !byte.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[count++]))
            {
                return false;
            }
        }

        if (count != bytes.Length)
        {
            return false;
        }

        address = new IPAddress(bytes);
        return true;
    }
}
