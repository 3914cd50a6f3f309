using L4Lb.Engine.Desired;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class HealthAnnotationsTests
{
    [Fact]
    public void Passive_detection_is_on_unless_it_is_switched_off()
    {
        Assert.Equal(OutlierSpec.Default, L4Lb.K8s.Annotations.ServiceAnnotations.None.Health.Outlier);
        Assert.Equal(OutlierSpec.Default, Read("l4lb.io/health-check", "tcp").Health.Outlier);
        Assert.Equal(OutlierSpec.Default, Read("l4lb.io/outlier-detection", "default").Health.Outlier);
        Assert.Null(Read("l4lb.io/outlier-detection", "none").Health.Outlier);
    }

    [Fact]
    public void Every_parameter_of_passive_detection_arrives() => Assert.Equal(
        new OutlierSpec
        {
            ConsecutiveFailures = 7,
            Interval = TimeSpan.FromSeconds(1),
            BaseEjection = TimeSpan.FromSeconds(2),
            MaxEjection = TimeSpan.FromMinutes(3),
            MaxEjectedPercent = 40,
            SuccessRateDeviations = 1.9,
            SuccessRateMinimumConnects = 50,
            SuccessRateMinimumBackends = 6,
        },
        Read(
            "l4lb.io/outlier-detection",
            "consecutive=7,interval=1s,ejection=2s,max-ejection=3m,max-ejected=40,success-rate=1.9,min-connects=50,min-backends=6").Health.Outlier);

    [Fact]
    public void Slow_start_and_agent_arrive()
    {
        Assert.Equal(
            new SlowStartSpec { Window = TimeSpan.FromMinutes(1), Aggression = 1.5, MinimumPercent = 5 },
            Read("l4lb.io/slow-start", "1m,aggression=1.5,min=5").Health.SlowStart);
        Assert.Equal(
            new AgentSpec { Port = 9000, Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromMilliseconds(300), Send = "a,b\n" },
            Read("l4lb.io/agent-check", @"interval=5s,port=9000,timeout=300ms,send=a\,b\n").Health.Agent);
    }

    [Fact]
    public void Policies_arrive()
    {
        Assert.Equal(WhenAllDown.Refuse, Read("l4lb.io/when-all-down", "refuse").Health.WhenAllDown);
        Assert.Equal(WhenDown.Reset, Read("l4lb.io/when-down", "reset").Health.WhenDown);
        Assert.Equal(ServiceWith("keep"), ServiceWith("reset") with { WhenDown = WhenDown.Keep });

        static HealthSpec ServiceWith(string policy) => Read("l4lb.io/when-down", policy).Health;
    }

    [Theory]
    [InlineData("l4lb.io/health-check", "icmp", "expected none, tcp")]
    [InlineData("l4lb.io/health-check", "exec:x", "checks by a program are off")]
    [InlineData("l4lb.io/outlier-detection", "on", "\"on\" is not known here; expected consecutive=")]
    [InlineData("l4lb.io/outlier-detection", "ejection=1h", "the longest ejection, 5m (max-ejection=), is shorter than the first, 1h")]
    [InlineData("l4lb.io/outlier-detection", "max-ejected=101", "expected a number from 0 to 100")]
    [InlineData("l4lb.io/outlier-detection", "success-rate=-1", "expected a number from 0 to 10")]
    [InlineData("l4lb.io/slow-start", "30", "expected a duration from 100ms to 1h")]
    [InlineData("l4lb.io/slow-start", "30s,aggression=0", "expected a number from 0.1 to 100")]
    [InlineData("l4lb.io/slow-start", "30s,min=0", "expected a number from 1 to 100")]
    [InlineData("l4lb.io/agent-check", "interval=2s", "expected the agent's port: port=9000")]
    [InlineData("l4lb.io/agent-check", @"port=1,send=\q", "is no escape")]
    [InlineData("l4lb.io/when-all-down", "close", "expected panic or refuse")]
    [InlineData("l4lb.io/when-down", "close", "expected keep or reset")]
    public void Refuses_a_bad_value_at_its_place(string name, string value, string expected) =>
        Assert.Contains(expected, Problem(name, value), StringComparison.Ordinal);
}
