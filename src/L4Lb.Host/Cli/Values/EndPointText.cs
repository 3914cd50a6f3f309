using System.Net;
using System.Net.Sockets;

namespace L4Lb.Host.Cli.Values;

/// <summary>Address and port: <c>127.0.0.1:80</c>, <c>[::1]:80</c>.</summary>
internal static class EndPointText
{
    private const string Rule = "must be ADDRESS:PORT with an IP address, such as 127.0.0.1:8080 or [::1]:8080";

    /// <summary>Reads address and port; both must be there.</summary>
    public static IPEndPoint Read(string text) => Read(text, lowestPort: 1);

    /// <summary>Reads where one socket is to listen: port 0 is any that is free.</summary>
    public static IPEndPoint ReadListening(string text) => Read(text, lowestPort: 0);

    private static IPEndPoint Read(string text, int lowestPort)
    {
        // The framework's own parser takes "::1:80" for an address without a port, and "80" for one as well.
        var separator = text.LastIndexOf(':');
        var isBracketed = separator > 0 && text[separator - 1] == ']';
        if (separator <= 0 || (!isBracketed && text.IndexOf(':') != separator)
            || !int.TryParse(text.AsSpan(separator + 1), out var port) || port < lowestPort || port > IPEndPoint.MaxPort
            || ReadAddress(text[..separator]) is not { } address
            || isBracketed != (address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            throw new FormatException(Rule);
        }

        return new IPEndPoint(address, port);
    }

    private static IPAddress? ReadAddress(string text)
    {
        var bare = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        var isWhole = bare.Contains(':') || bare.Count(c => c == '.') == 3; // Not "127.1" nor "2130706433".
        return isWhole && IPAddress.TryParse(bare, out var address) ? address : null;
    }
}
