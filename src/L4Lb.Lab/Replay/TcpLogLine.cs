using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Replay;

/// <summary>
/// Reads a line in the form of HAProxy's <c>option tcplog</c>, as this program writes it (docs/operations/access-log.md); what
/// stands before the client, as a header of syslog, is passed over.
/// </summary>
internal static partial class TcpLogLine
{
    /// <summary>The session.</summary>
    /// <exception cref="FormatException">The line is none; the message says what is wrong.</exception>
    internal static LoggedSession Read(string line)
    {
        var match = Form().Match(line);
        if (!match.Success)
        {
            throw new FormatException("is no line of an access log, or was cut off");
        }

        var accepted = DateTime.TryParseExact(
            match.Groups["time"].ValueSpan, "dd/MMM/yyyy:HH:mm:ss.fff", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new FormatException("its time is no date and time");
        var server = match.Groups["server"].Value;
        var (queued, connect) = (Seconds(match, "queue"), Seconds(match, "connect"));
        return new LoggedSession(
            accepted.Ticks, Client(match), match.Groups["service"].Value, server == "<NOSRV>" ? null : Address(server), Math.Max(queued, 0),
            connect < 0 ? null : connect + Math.Max(queued, 0), Math.Max(Seconds(match, "total"), 0),
            (int)Math.Min(long.Parse(match.Groups["retries"].ValueSpan, CultureInfo.InvariantCulture) + 1, int.MaxValue), 1, IsUdp: false);
    }

    // HAProxy writes IPv6 without brackets, so that the port is what follows the last colon.
    private static AddressKey Client(Match match) =>
        IPAddress.TryParse(match.Groups["client"].ValueSpan, out var address) && ushort.TryParse(match.Groups["port"].ValueSpan, out var port)
            ? AddressKey.From(address, port)
            : throw new FormatException("its client is no address and port");

    private static AddressKey Address(string text) => IPEndPoint.TryParse(text, out var endPoint)
        ? AddressKey.From(endPoint)
        : throw new FormatException("its server is no address and port: logs of HAProxy's own have names there, which nobody here can resolve");

    private static double Seconds(Match match, string name) =>
        double.Parse(match.Groups[name].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            is var ms and < LogLine.MillisecondsMost
            ? ms / 1000
            : throw new FormatException($"its time {name} is more than a year");

    [GeneratedRegex(
        @"(?:^|\s)(?<client>[0-9a-fA-F.:]+):(?<port>\d{1,5}) \[(?<time>[^\]]{1,40})\] \S+ (?<service>[^\s/]+)/(?<server>\S+) "
        + @"(?<queue>-?\d{1,15})/(?<connect>-?\d{1,15})/\+?(?<total>-?\d{1,15}) \+?\d+ \S\S \d+/\d+/\d+/\d+/\+?(?<retries>\d{1,9}) \d+/\d+\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
