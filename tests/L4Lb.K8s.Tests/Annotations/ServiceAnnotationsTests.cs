using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Annotations;

public class ServiceAnnotationsTests
{
    private readonly List<Diagnostic> _diagnostics = [];

    [Fact]
    public void Reads_a_scheduler_with_parameters()
    {
        var scheduler = Parse("l4lb.io/scheduler", "mh, table-size=65537 ,sh-port").Scheduler;

        Assert.Equal(new SchedulerSpec("mh", [new("table-size", "65537"), new("sh-port", "")]), scheduler);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void The_connect_timeout_is_that_of_each_attempt()
    {
        var timeouts = ServiceAnnotations.Parse(
            Make.Service("web").Annotated("l4lb.io/connect-timeout", "200ms").Annotated("l4lb.io/connect-attempts", "3"),
            AnnotationOptions.Default, _diagnostics).TimeoutsFor(TransportProtocol.Tcp);

        Assert.Equal([TimeSpan.FromMilliseconds(200)], timeouts.ConnectTimeouts);
        Assert.Equal(TimeSpan.FromMilliseconds(600), timeouts.ConnectBudget);
        Assert.Equal(3, timeouts.ConnectAttempts);
    }

    [Fact]
    public void Datagrams_are_idle_sooner_unless_told_otherwise()
    {
        Assert.Equal(TimeSpan.FromHours(1), ServiceAnnotations.None.TimeoutsFor(TransportProtocol.Tcp).Idle);
        Assert.Equal(TimeSpan.FromSeconds(30), ServiceAnnotations.None.TimeoutsFor(TransportProtocol.Udp).Idle);
        Assert.Equal(TimeSpan.FromMinutes(2), Parse("l4lb.io/idle-timeout", "2m").TimeoutsFor(TransportProtocol.Udp).Idle);
    }

    [Theory]
    [InlineData("l4lb.io/scheduler", "", "expected a scheduler's name")]
    [InlineData("l4lb.io/scheduler", "mh,=1", "is not a parameter")]
    [InlineData("l4lb.io/scheduler", "mh,a=1,a=2", "there twice")]
    [InlineData("l4lb.io/scheduler", "nope", "unknown scheduler")]
    [InlineData("l4lb.io/weights", "web=1", "is not a weight")]
    [InlineData("l4lb.io/connect-attempts", "9", "expected a number from 1 to 8")]
    [InlineData("l4lb.io/connect-attempts", "two", "expected a number from 1 to 8")]
    [InlineData("l4lb.io/connect-timeout", "0", "expected a duration from 1ms to 1m")]
    [InlineData("l4lb.io/idle-timeout", "3600", "expected a duration from 1s to 168h")]
    [InlineData("l4lb.io/half-close-timeout", "1ms", "expected a duration from 100ms to 168h")]
    [InlineData("l4lb.io/drain-timeout", "forever", "expected a duration from 0 to 168h")]
    [InlineData("l4lb.io/load-balancer-ips", "192.0.2.1,web", "\"web\" is not an IP address")]
    [InlineData("metallb.io/loadBalancerIPs", "x", "\"x\" is not an IP address")]
    [InlineData("l4lb.io/address-pool", "a b", "expected a pool's name")]
    public void Refuses_a_bad_value_at_its_place(string name, string value, string expected)
    {
        Parse(name, value);

        var error = Assert.Single(_diagnostics, static d => d.Severity == Severity.Error);
        Assert.Equal($"metadata.annotations[{name}]", error.Path);
        Assert.StartsWith($"Invalid value: \"{value}\": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l4lb.io/health-check", "none")]
    [InlineData("l4lb.io/accept-proxy-protocol", "false")]
    [InlineData("example.com/anything", "goes")]
    public void Says_nothing_where_there_is_nothing_to_do(string name, string value)
    {
        Parse(name, value);
        Assert.Empty(_diagnostics);
    }

    [Theory]
    [InlineData("l4lb.io/sheduler", "did you mean l4lb.io/scheduler?")]
    [InlineData("l4lb.io/weight", "did you mean l4lb.io/weights?")]
    [InlineData("l4lb.io/affinity-ipv4-prefx", "did you mean l4lb.io/affinity-ipv4-prefix?")]
    [InlineData("l4lb.io/health-chek", "did you mean l4lb.io/health-check?")]
    [InlineData("l4lb.io/colour-of-the-sky", "a Service may have: l4lb.io/scheduler, ")]
    public void Names_the_nearest_known_annotation(string name, string expected)
    {
        Parse(name, "x");

        var warning = Assert.Single(_diagnostics);
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains(expected, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_annotation_is_read_by_somebody()
    {
        var mute = AnnotationNames.OnService.Where(name =>
        {
            var diagnostics = new List<Diagnostic>();
            ServiceAnnotations.Parse(Make.Service("web").Annotated(name, ""), AnnotationOptions.Default, diagnostics);
            return diagnostics.Count == 0;
        });

        Assert.Empty(mute);
    }

    [Fact]
    public void Names_the_line()
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal) { ["metadata.annotations[l4lb.io/connect-attempts]"] = 7 };
        var service = Make.Service("web").Annotated("l4lb.io/connect-attempts", "0") with { Source = new SourceMap("a.yaml", 1, lines) };

        ServiceAnnotations.Parse(service, AnnotationOptions.Default, _diagnostics);

        Assert.Equal(
            "a.yaml:7: metadata.annotations[l4lb.io/connect-attempts]: Invalid value: \"0\": expected a number from 1 to 8",
            Assert.Single(_diagnostics).ToString());
    }

    private ServiceAnnotations Parse(string name, string value) => ServiceAnnotations.Parse(
        Make.Service("web", "LoadBalancer").Annotated(name, value) with { SessionAffinity = "ClientIP" },
        new(static s => s.Name == "nope" ? "unknown scheduler \"nope\"; known: rr" : null),
        _diagnostics);
}
