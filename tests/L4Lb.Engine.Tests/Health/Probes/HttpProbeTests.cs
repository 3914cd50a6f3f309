using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Probes;

namespace L4Lb.Engine.Tests.Health.Probes;

public sealed class HttpProbeTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", CheckCode.L7OK, "200")]
    [InlineData("HTTP/1.0 204 No Content", CheckCode.L7OK, "204")]
    [InlineData("HTTP/1.1 200", CheckCode.L7OK, "200")]
    [InlineData("HTTP/1.1 404 Not Found", CheckCode.L7OK, "404")]
    [InlineData("HTTP/1.1 403 Forbidden", CheckCode.L7STS, "403")]
    [InlineData("HTTP/1.1 300 Multiple", CheckCode.L7STS, "300")]
    [InlineData("HTTP/1.1 503 Service Unavailable", CheckCode.L7STS, "503")]
    [InlineData("", CheckCode.L7RSP, "closed without an answer")]
    [InlineData("HTTP/2 200", CheckCode.L7RSP, "not an HTTP/1 answer")]
    [InlineData("HTTP/1.1 20", CheckCode.L7RSP, "not an HTTP/1 answer")]
    [InlineData("HTTP/1.1 2000 OK", CheckCode.L7RSP, "not an HTTP/1 answer")]
    [InlineData("HTTP/1.1 -20 OK", CheckCode.L7RSP, "not an HTTP/1 answer")]
    [InlineData("SSH-2.0-OpenSSH_9.2", CheckCode.L7RSP, "not an HTTP/1 answer")]
    public void The_status_line_decides(string line, CheckCode code, string words)
    {
        var probe = new HttpProbe(new ProbeSpec { Kind = ProbeKind.Http, Statuses = [new(200, 299), new(404, 404)] });

        var result = probe.Judge(line);

        Assert.Equal((code, words), (result.Code, result.Words));
        Assert.Equal(code == CheckCode.L7OK ? ProbeOutcome.Passed : ProbeOutcome.Failed, result.Outcome);
    }
}
