using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Lab.Live;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Live;

/// <summary>Opens nothing.</summary>
public class LivePlanTests
{
    private static readonly Scenario s_small = Sockets.Small(8, 3, "rr");

    [Fact]
    public void What_fits_has_neither_problem_nor_warning()
    {
        var plan = LivePlan.Of(s_small, new LiveOptions());
        Assert.Null(plan.Problem);
        Assert.Empty(plan.Warnings);
        Assert.Equal(3.5, LivePlan.SecondsOf(s_small, new LiveOptions()));
    }

    [Theory]
    [InlineData("192.0.2.1:80", false, "192.0.2.1:80 is not on this machine: load goes only where whoever runs this says --i-own-this-target")]
    [InlineData("[2001:db8::1]:80", false, "[2001:db8::1]:80 is not on this machine: load goes only where whoever runs this says --i-own-this-target")]
    [InlineData("0.0.0.0:80", false, "0.0.0.0:80 is not on this machine: load goes only where whoever runs this says --i-own-this-target")]
    [InlineData("192.0.2.1:80", true, null)]
    [InlineData("127.0.0.9:80", false, null)]
    [InlineData("[::1]:80", false, null)]
    public async Task Load_goes_nowhere_else_unless_it_is_said_twice(string target, bool owns, string? problem)
    {
        var options = new LiveOptions { Target = IPEndPoint.Parse(target), OwnsTarget = owns, BackendPort = 9000 };
        Assert.Equal(problem, LivePlan.Of(s_small, options).Problem);
        if (problem is not null)
        {
            Assert.Equal(problem, (await Assert.ThrowsAsync<IOException>(() => LiveRunner.RunAsync(s_small, options))).Message);
        }
    }

    [Fact]
    public void Too_much_is_refused_with_what_would_help()
    {
        var fast = s_small with { Arrivals = new PoissonArrivals { Rate = 32_000 } };
        Assert.Equal(
            "would be up to 32,000 requests a second, and one machine offers 8,000: try --rate 8000, a smaller --load, or --time-scale 4",
            LivePlan.Of(fast, new LiveOptions()).Problem);
        Assert.Null(LivePlan.Of(fast, new LiveOptions { TimeScale = 4 }).Problem);
        Assert.StartsWith(
            "would be up to 16,000 requests a second", LivePlan.Of(s_small with { Arrivals = new BurstArrivals(4, 1, 9) { Rate = 4000 } }, new LiveOptions()).Problem);

        var slow = s_small with { Backends = [new BackendGroup("web", 8, new ExponentialTime(60))], Arrivals = new PoissonArrivals { Rate = 500 } };
        Assert.Matches("^would have some 90,000 requests open, of which descriptors allow [0-9,]+ .*: try a smaller --rate or --load$", LivePlan.Of(slow, new LiveOptions()).Problem);

        var many = s_small with { Backends = [new BackendGroup("web", 50_000, new ExponentialTime(60))], Arrivals = new PoissonArrivals { Rate = 1 } };
        Assert.StartsWith("has 50000 backends, each of which needs a descriptor", LivePlan.Of(many, new LiveOptions()).Problem);
    }

    [Fact]
    public void Another_balancer_has_to_know_the_backends()
    {
        var target = new IPEndPoint(IPAddress.Loopback, 80);
        Assert.StartsWith("another balancer must know where the backends are: --backend-port", LivePlan.Of(s_small, new LiveOptions { Target = target }).Problem);
        Assert.StartsWith("--backend-port 65530: ", LivePlan.Of(s_small, new LiveOptions { BackendPort = 65530 }).Problem);
        Assert.Null(LivePlan.Of(s_small, new LiveOptions { BackendPort = 65528 }).Problem);
    }

    [Fact]
    public void What_cannot_be_done_on_sockets_is_named_by_its_field()
    {
        var scenario = s_small with
        {
            Balancers = new BalancerSpec(3),
            Backends = [new BackendGroup("web", 8, new ExponentialTime(0.002)) { Connect = new DeterministicTime(0.01) }],
            AnswerBytes = 1 << 24,
            Service = new ServiceRules { Health = HealthSpec.None with { Probe = new ProbeSpec { Kind = ProbeKind.Tls } } },
        };
        Assert.Equal(
            ["spec.balancers", "spec.backends[].connect", "spec.answerBytes", "spec.service.annotations", "spec.backends[].work"],
            LivePlan.Of(scenario, new LiveOptions()).Warnings.Select(static w => w.Split(':')[0]));
    }

    [Fact]
    public void A_slower_clock_slows_the_rules_too()
    {
        var rules = LivePlan.RulesFor(s_small with { Service = new ServiceRules() }, new LiveOptions { TimeScale = 3 });
        Assert.Equal(TimeoutSpec.Default.ConnectBudget * 3, rules.Timeouts.ConnectBudget);
        Assert.Equal(TimeoutSpec.Default.ConnectTimeouts[0] * 3, rules.Timeouts.ConnectTimeouts[0]);
        Assert.Equal(OutlierSpec.Default.BaseEjection * 3, rules.Health.Outlier!.BaseEjection);
    }
}
