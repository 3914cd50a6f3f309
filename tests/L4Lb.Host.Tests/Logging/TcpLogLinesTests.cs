using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Tests.Logging;

/// <summary>Lines as HAProxy has them; its own, of a session of 5 bytes, is <c>… fe be/s1 1/0/0 5 -- 1/1/0/0/0 0/0</c>.</summary>
public sealed partial class TcpLogLinesTests
{
    private const string Start = "192.0.2.7:40000 [02/Jan/2026:03:04:05.678] default.web:http default.web:http/";

    [Fact]
    public void A_session_has_every_field_in_order() => Assert.Equal(
        Start + "10.0.0.1:8080 7/2/20 802 -- 12/4/3/2/+1 0/4",
        Line(Records.Served(1) with
        {
            Attempts = 2,
            QueuePosition = 5,
            QueueTime = TimeSpan.FromMilliseconds(7),
            ConnectTime = TimeSpan.FromMilliseconds(9.5),
            OthersOfProcess = 11,
            OthersOfService = 3,
            OthersOfBackend = 2,
        }));

    [Fact]
    public void The_only_session_counts_itself_as_HAProxys_does() =>
        Assert.EndsWith(" 0/1/20 802 -- 1/1/0/0/0 0/0", Line(Records.Served(1)), StringComparison.Ordinal);

    [Theory]
    [InlineData(CloseReason.NoBackend, "<NOSRV> 0/-1/20 0 SC 1/1/0/0/0 0/0")]
    [InlineData(CloseReason.ClientGone, "<NOSRV> 0/-1/20 0 CC 1/1/0/0/0 0/0")]
    [InlineData(CloseReason.SourceDenied, "<NOSRV> -1/-1/20 0 PC 1/1/0/0/0 0/0")]
    [InlineData(CloseReason.QueueFull, "<NOSRV> -1/-1/20 0 PQ 1/1/0/0/0 0/0")]
    [InlineData(CloseReason.ProxyHeaderTimeout, "<NOSRV> -1/-1/20 0 cR 1/1/0/0/0 0/0")]
    public void What_never_was_is_minus_one(CloseReason reason, string rest) =>
        Assert.Equal(Start + rest, Line(Records.Some(1) with { Reason = reason }));

    [Fact]
    public void Who_leaves_the_queue_was_there() => Assert.Equal(
        Start + "<NOSRV> 15/-1/20 0 CQ 1/1/0/0/0 0/2",
        Line(Records.Some(1) with { Reason = CloseReason.ClientGone, QueuePosition = 3, QueueTime = TimeSpan.FromMilliseconds(15) }));

    [Fact]
    public void A_flow_is_connected_at_once() => Assert.Equal(
        Start + "10.0.0.1:8080 0/0/20 802 -- 1/1/0/0/0 0/0",
        Line(Records.Served(1) with
        {
            Protocol = TransportProtocol.Udp,
            ConnectTime = null,
            Requests = 1,
            Responses = 2,
            Reason = CloseReason.IdleTimeout,
        }));

    [Fact]
    public void Addresses_of_IPv6_have_no_brackets_and_names_no_slashes()
    {
        var line = Line(Records.Served(1) with
        {
            Client = AddressKey.From(IPEndPoint.Parse("[2001:db8::7]:40000")),
            Service = new ServiceKey("kube-system", "dns", "53/udp"),
        });

        Assert.StartsWith("2001:db8::7:40000 [", line, StringComparison.Ordinal);
        Assert.Contains(" kube-system.dns:53-udp kube-system.dns:53-udp/10.0.0.1:8080 ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_makes_a_line_that_readers_of_HAProxys_understand() => Assert.All(
        Enum.GetValues<CloseReason>(),
        reason => Assert.Matches(Shape(), Line(Records.Some(1) with { Reason = reason })));

    private static string Line(SessionRecord session)
    {
        var output = new ArrayBufferWriter<byte>();
        new TcpLogLines().Write(output, in session, weight: 1);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }

    /// <summary>What log collectors look for in a line of <c>option tcplog</c>, field by field of section 8.2.2.</summary>
    [GeneratedRegex(
        @"^\S+:\d+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] [^\s/]+ [^\s/]+/\S+ -?\d+/-?\d+/\+?\d+ \+?\d+ [CSPRIKLDUcs-][RQCDHLT-] \d+/\d+/\d+/\d+/\+?\d+ \d+/\d+$")]
    private static partial Regex Shape();
}
