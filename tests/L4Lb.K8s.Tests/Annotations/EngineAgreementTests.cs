using L4Lb.Engine.Desired;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Annotations;

/// <summary>What an annotation may say, the engine must take: it names no file and line when it refuses.</summary>
public class EngineAgreementTests
{
    [Theory]
    [InlineData("l4lb.io/health-check", "http:/,interval=10ms,timeout=1ms,rise=1,fall=1,port=1,fast-interval=10ms,down-interval=10ms,status=100-599,host=a")]
    [InlineData("l4lb.io/health-check", "tcp,interval=24h,timeout=10m,rise=1000,fall=1000,port=65535,fast-interval=24h,down-interval=24h")]
    [InlineData("l4lb.io/health-check", @"udp:\x00/\xff")]
    [InlineData("l4lb.io/health-check", "exec:check")]
    [InlineData("l4lb.io/health-check", "tls,host=a")]
    [InlineData("l4lb.io/outlier-detection", "consecutive=0,interval=10ms,ejection=10ms,max-ejection=10ms,max-ejected=0,success-rate=0,min-connects=1,min-backends=2")]
    [InlineData("l4lb.io/outlier-detection", "consecutive=1000,interval=24h,ejection=24h,max-ejection=24h,max-ejected=100,success-rate=10")]
    [InlineData("l4lb.io/slow-start", "100ms,aggression=0.1,min=1")]
    [InlineData("l4lb.io/slow-start", "1h,aggression=100,min=100")]
    [InlineData("l4lb.io/agent-check", "port=1,interval=10ms,timeout=1ms")]
    [InlineData("l4lb.io/backend-thresholds", "1")]
    [InlineData("l4lb.io/backend-thresholds", "2147483647,2147483647")]
    [InlineData("l4lb.io/queue", "0,timeout=1ms")]
    [InlineData("l4lb.io/queue", "1000000,timeout=1h")]
    [InlineData("l4lb.io/source-limits", "rate=1/100ms,sessions=1,deny=0,ipv4-prefix=1,ipv6-prefix=1,max-entries=1")]
    [InlineData("l4lb.io/source-limits", "rate=2147483647/1h,sessions=2147483647,deny=24h,ipv4-prefix=32,ipv6-prefix=128,max-entries=16777216")]
    [InlineData("l4lb.io/deny-source-ranges", "0.0.0.0/0,::/0")]
    [InlineData("l4lb.io/affinity-ipv4-prefix", "1")]
    [InlineData("l4lb.io/affinity-ipv6-prefix", "1")]
    [InlineData("l4lb.io/affinity-max-entries", "1")]
    [InlineData("l4lb.io/connect-attempts", "8")]
    [InlineData("l4lb.io/connect-timeout", "1ms")]
    [InlineData("l4lb.io/drain-timeout", "0")]
    [InlineData("l4lb.io/proxy-protocol-timeout", "10ms")]
    public void At_the_ends_of_what_is_allowed(string name, string value)
    {
        var plan = new StandaloneControlPlane(new() { ExecProbes = "/probes" }).MakePlan(
        [
            (Make.Service("web").ClusterIP("10.96.0.10") with { SessionAffinity = "ClientIP" }).Annotated(name, value),
            Make.Slice("web", "10.0.0.1"),
        ]);

        Assert.False(plan.HasErrors, string.Join('\n', plan.Diagnostics));
        Assert.NotEmpty(plan.Desired.Services);
        Assert.Empty(DesiredStateValidator.Validate(plan.Desired, static _ => null));
    }

    [Theory]
    [InlineData("requests=0,responses=0,resend=off,when-full=refuse,max-bytes=1,proxy-header=each")]
    [InlineData("requests=2147483647,responses=2147483647,max-bytes=65507")]
    [InlineData("per-datagram,max-bytes=1")]
    public void At_the_ends_of_what_is_allowed_of_datagrams(string value)
    {
        var plan = new StandaloneControlPlane(new()).MakePlan(
        [
            (Make.Service("dns").ClusterIP("10.96.0.10") with { Ports = [Make.Port(53, protocol: "UDP")] })
                .Annotated("l4lb.io/udp", value),
            Make.Slice("dns", "10.0.0.1") with { Ports = [new("", "UDP", 53, null)] },
        ]);

        Assert.False(plan.HasErrors, string.Join('\n', plan.Diagnostics));
        Assert.NotEqual(DatagramSpec.Default, Assert.Single((IEnumerable<ServiceSpec>)plan.Desired.Services).Datagrams);
        Assert.Empty(DesiredStateValidator.Validate(plan.Desired, static _ => null));
    }
}
