using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;

namespace L4Lb.Engine.Tests.ProxyProtocol;

public sealed class ProxyHeaderV1Tests
{
    // The first is the specification's own example (2.1), the next two are its longest lines.
    [Theory]
    [InlineData("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443", "192.168.0.1:56324", "192.168.0.11:443")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255:65535", "255.255.255.255:65535")]
    [InlineData(
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP4 0.0.0.0 10.20.30.40 0 1", "0.0.0.0:0", "10.20.30.40:1")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 40000 80", "[2001:db8::1]:40000", "[::1]:80")]
    [InlineData("PROXY TCP6 2001:DB8:0:0:0:0:0:aB :: 1 2", "[2001:db8::ab]:1", "[::]:2")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::2 1 2", "192.0.2.1:1", "[::2]:2")]
    public void An_address_line_names_both_ends(string line, string source, string destination)
    {
        var result = Headers.Read(Headers.Text(line + "\r\nGET / HTTP/1.1\r\n"));

        Assert.Equal((ProxyHeaderStatus.Done, line.Length + 2, null), (result.Status, result.Length, result.Problem));
        Assert.Equal((ProxyProtocolVersion.V1, false, 0), (result.Header.Version, result.Header.IsLocal, result.Header.Tlvs.Count));
        Assert.Equal(new ProxyAddresses(Headers.Key(source), Headers.Key(destination)), result.Header.Addresses);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN")]
    [InlineData("PROXY UNKNOWN ")]
    [InlineData("PROXY UNKNOWN whatever  there may be")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535")]
    public void An_unknown_line_names_nobody_and_the_rest_of_it_is_ignored(string line)
    {
        var result = Headers.Read(Headers.Text(line + "\r\n\r\n"));

        Assert.Equal((ProxyHeaderStatus.Done, line.Length + 2), (result.Status, result.Length));
        Assert.Null(result.Header.Addresses);
    }

    [Theory]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 40000 80\r\n")]
    [InlineData("PROXY UNKNOWN\r\n")]
    public void Needs_more_at_every_byte_before_the_last(string line)
    {
        for (var length = 0; length < line.Length; length++)
        {
            Assert.Equal(ProxyHeaderStatus.NeedMore, Headers.Read(Headers.Text(line[..length])).Status);
        }

        Assert.Equal(ProxyHeaderStatus.Done, Headers.Read(Headers.Text(line)).Status);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "signature")]
    [InlineData("G", "signature")]
    [InlineData("PROXy", "signature")]
    [InlineData("PROXY\t", "signature")]
    [InlineData("PROXY\r\n", "signature")]
    [InlineData("proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "signature")]
    [InlineData("PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "protocol")]
    [InlineData("PROXY \r\n", "protocol")]
    [InlineData("PROXY TCP5 1.2.3.4 5.6.7.8 1 2\r\n", "protocol")]
    [InlineData("PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n", "protocol")]
    [InlineData("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "protocol")]
    [InlineData("PROXY UNKNOWNX\r\n", "protocol")]
    [InlineData("PROXY TCP4\r\n", "two addresses")]
    [InlineData("PROXY TCP4 1.2.3.4\r\n", "two addresses")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8\r\n", "two addresses")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", "two addresses")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n", "IPv4")]
    [InlineData("PROXY TCP4 ::1 ::2 1 2\r\n", "IPv4")]
    [InlineData("PROXY TCP4 1.2.3.4 ::2 1 2\r\n", "IPv4")]
    [InlineData("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "IPv6")]
    [InlineData("PROXY TCP6 ::1 5.6.7.8 1 2\r\n", "IPv6")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 100000 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 00 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 0x2\r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n", "port")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", "CR LF")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rX", "CR LF")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n", "CR LF")]
    [InlineData("PROXY UNKNOWN\n", "CR LF")]
    public void What_is_not_to_the_letter_is_refused_for_the_right_reason(string line, string problem)
    {
        var result = Headers.Read(Headers.Text(line));

        Assert.Equal(ProxyHeaderStatus.Invalid, result.Status);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(104, "")]
    [InlineData(104, "\r")]
    [InlineData(105, "\r")]
    public void A_line_may_go_on_to_its_107th_byte(int length, string end)
    {
        var line = "PROXY UNKNOWN ".PadRight(length, 'x') + end;

        Assert.Equal(ProxyHeaderStatus.NeedMore, Headers.Read(Headers.Text(line)).Status);
    }

    [Theory]
    [InlineData(105, "\r\n", true)]
    [InlineData(106, "\r\n", false)]
    [InlineData(106, "\r", false)]
    [InlineData(107, "", false)]
    [InlineData(5000, "", false)]
    public void And_no_further(int length, string end, bool isValid)
    {
        var line = "PROXY UNKNOWN ".PadRight(length, 'x') + end;

        var result = Headers.Read(Headers.Text(line));

        Assert.Equal(isValid ? (ProxyHeaderStatus.Done, null) : (ProxyHeaderStatus.Invalid, "the line is longer than 107 bytes"), (result.Status, result.Problem));
    }
}
