using L4Lb.Engine.Desired;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>Reads the line of text that version 1 is (proxy-protocol.txt, 2.1), to the letter. Pure.</summary>
internal static class ProxyHeaderV1
{
    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    /// <summary>Reads the line at the beginning of <paramref name="bytes"/>.</summary>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes)
    {
        if (!ProxyHeaderParser.MayBegin(bytes, Prefix))
        {
            return ProxyHeaderResult.Invalid("the connection does not begin with the signature of either version");
        }

        // Addresses are looked at only when the line is whole: of half a number nobody can say what it is.
        var line = bytes[..Math.Min(bytes.Length, ProxyHeader.MostBytesV1)];
        var end = line.IndexOfAny("\r\n"u8);
        if (end < 0 || end == line.Length - 1)
        {
            return end >= 0 && line[end] == '\n' ? ProxyHeaderResult.Invalid("the line does not end with CR LF")
                : line.Length == ProxyHeader.MostBytesV1 ? ProxyHeaderResult.Invalid("the line is longer than 107 bytes")
                : ProxyHeaderResult.NeedMore;
        }

        return line[end..].StartsWith("\r\n"u8)
            ? ReadFields(line[Prefix.Length..end], end + 2)
            : ProxyHeaderResult.Invalid("the line does not end with CR LF");
    }

    private static ProxyHeaderResult ReadFields(ReadOnlySpan<byte> fields, int length)
    {
        var hasMore = TryTake(ref fields, out var protocol);
        if (protocol.SequenceEqual("UNKNOWN"u8))
        {
            // Whatever else the line says must be ignored.
            return ProxyHeaderResult.Done(new ProxyHeader { Version = ProxyProtocolVersion.V1 }, length);
        }

        var isIPv4 = protocol.SequenceEqual("TCP4"u8);
        if (!isIPv4 && !protocol.SequenceEqual("TCP6"u8))
        {
            return ProxyHeaderResult.Invalid("the protocol is none of TCP4, TCP6 and UNKNOWN");
        }

        hasMore &= TryTake(ref fields, out var sourceText);
        hasMore &= TryTake(ref fields, out var destinationText);
        hasMore &= TryTake(ref fields, out var sourcePortText);
        if (!hasMore)
        {
            return ProxyHeaderResult.Invalid("there must be two addresses and two ports, with one space before each");
        }

        if (!ProxyAddressText.TryParse(sourceText, isIPv4, out var source)
            || !ProxyAddressText.TryParse(destinationText, isIPv4, out var destination))
        {
            return ProxyHeaderResult.Invalid(isIPv4 ? "an address is not IPv4" : "an address is not IPv6");
        }

        if (!ProxyAddressText.TryParsePort(sourcePortText, out var sourcePort)
            || !ProxyAddressText.TryParsePort(fields, out var destinationPort))
        {
            return ProxyHeaderResult.Invalid("a port is not a number in 0…65535");
        }

        return ProxyHeaderResult.Done(
            new ProxyHeader
            {
                Version = ProxyProtocolVersion.V1,
                Addresses = new(source with { Port = sourcePort }, destination with { Port = destinationPort }),
            },
            length);
    }

    /// <summary>Takes the text before the next space, and the space. Without one it takes the rest and is false.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> field)
    {
        var space = fields.IndexOf((byte)' ');
        field = space < 0 ? fields : fields[..space];
        fields = space < 0 ? default : fields[(space + 1)..];
        return space >= 0;
    }
}
