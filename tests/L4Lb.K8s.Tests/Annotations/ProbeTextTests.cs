using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.K8s.Tests.Annotations;

public class ProbeTextTests
{
    private const string Programs = "/etc/l4lb/probes";

    [Theory]
    [InlineData("none")]
    [InlineData("tcp")]
    [InlineData("tls,host=db.example.com")]
    [InlineData("http:/ready,interval=1s,timeout=500ms,fast-interval=250ms,down-interval=10s,rise=1,fall=5,port=9000,status=200-299+404,host=web")]
    [InlineData(@"http:/a\,b?c=d/e")]
    [InlineData("udp:ping/pong")]
    [InlineData("udp:/")]
    [InlineData(@"udp:\x00\x01a\/b\,c\r\n/\xff d\x20,interval=10s")]
    [InlineData(@"exec:check-redis --db 3 a\,b c\x20d,timeout=3s")]
    public void What_is_read_is_written_the_same(string text)
    {
        Assert.Null(ProbeText.Parse(text, Programs, out var probe));

        Assert.Equal(text, ProbeText.Format(probe));
    }

    [Fact]
    public void The_parameters_arrive()
    {
        ProbeText.Parse(
            @"http:/ready?x=1\,2, interval = 1s,timeout=500ms,rise=4,fall=5,port=9000,fast-interval=100ms,down-interval=1m,status=200+300-399,host=web",
            null, out var probe);

        Assert.Equal(
            new ProbeSpec
            {
                Kind = ProbeKind.Http,
                Path = "/ready?x=1,2",
                Interval = TimeSpan.FromSeconds(1),
                FastInterval = TimeSpan.FromMilliseconds(100),
                DownInterval = TimeSpan.FromMinutes(1),
                Timeout = TimeSpan.FromMilliseconds(500),
                Rise = 4,
                Fall = 5,
                Port = 9000,
                Statuses = [new(200, 200), new(300, 399)],
                Host = "web",
            },
            probe);
    }

    [Fact]
    public void Datagrams_are_bytes()
    {
        ProbeText.Parse(@"udp:\x12\xab\/é/ok/then", null, out var probe);

        Assert.Equal("\x12\u00ab/\u00c3\u00a9", probe!.Send);
        Assert.Equal("ok/then", probe.Expect);
    }

    [Fact]
    public void A_program_is_one_of_the_folder_and_its_arguments_are_text()
    {
        ProbeText.Parse("exec:check.sh  --name é,fall=1", Programs, out var probe);

        Assert.Equal(["/etc/l4lb/probes/check.sh", "--name", "é"], probe!.Command);
        Assert.Equal(@"exec:check.sh --name \xc3\xa9,fall=1", ProbeText.Format(probe));
    }

    [Theory]
    [InlineData("icmp", "expected none, tcp, http:/path, tls, udp:SEND/EXPECT or exec:PROGRAM")]
    [InlineData("", "expected none, tcp")]
    [InlineData("http:ready", "expected a path: http:/path")]
    [InlineData("http:/a b", "expected visible ASCII characters")]
    [InlineData("http:/é", "percent-encoded")]
    [InlineData("udp:ping", "udp:SEND/EXPECT")]
    [InlineData(@"udp:\q/", "\"\\q\" is no escape")]
    [InlineData("tcp,interval=2", "\"interval=2\": expected a duration from 10ms to 24h")]
    [InlineData("tcp,interval", "\"interval=\": expected a duration")]
    [InlineData("tcp,rise=0", "\"rise=0\": expected a number from 1 to 1000")]
    [InlineData("tcp,port=65536", "expected a number from 1 to 65535")]
    [InlineData("tcp,port=1,port=2", "\"port\" is there twice")]
    [InlineData("tcp,colour=red", "\"colour\" is not known here; expected interval=, timeout=, fast-interval=")]
    [InlineData("tcp,status=200", "\"status\" is not known here")]
    [InlineData("http:/,status=99", "expected statuses from 100 to 599")]
    [InlineData("http:/,status=300-200", "expected statuses from 100 to 599")]
    [InlineData("http:/,status=200-250-299", "expected statuses from 100 to 599")]
    [InlineData("http:/,host=a b", "expected visible ASCII characters")]
    [InlineData("none,interval=1s", "no parameters belong here")]
    [InlineData("exec:", "expected exec:PROGRAM")]
    [InlineData("exec:/bin/sh -c reboot", "it must lie directly in /etc/l4lb/probes")]
    [InlineData("exec:../probes/x", "it must lie directly in")]
    [InlineData(@"exec:..\/x", "it must lie directly in")]
    [InlineData("exec:..", "it must lie directly in")]
    [InlineData(@"exec:a b\x00c", "expected exec:PROGRAM")]
    [InlineData("exec:check,port=1", "\"port\" is not known here")]
    public void Says_what_would_help(string text, string expected) =>
        Assert.Contains(expected, ProbeText.Parse(text, Programs, out _), StringComparison.Ordinal);

    [Fact]
    public void Programs_are_off_unless_a_folder_is_given() =>
        Assert.Contains("--exec-probes DIR", ProbeText.Parse("exec:check", null, out _), StringComparison.Ordinal);
}
