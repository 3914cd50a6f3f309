using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class LimitAnnotationsTests
{
    [Theory]
    [InlineData("100,80", 100, 80)]
    [InlineData("100", 100, 75)]
    [InlineData("1", 1, 1)]
    [InlineData("2", 2, 2)]
    [InlineData("7", 7, 6)]
    [InlineData("2147483647", int.MaxValue, 1610612736)]
    public void The_lower_threshold_is_three_quarters_of_the_upper_unless_it_is_given(string text, int upper, int lower)
    {
        var limits = Read("l4lb.io/backend-thresholds", text).Limits;

        Assert.Equal((upper, lower), (limits.BackendMaxSessions, limits.BackendResumeBelow));
    }

    [Fact]
    public void The_kernel_resumes_at_the_same_number_of_sessions()
    {
        for (var upper = 1; upper < 300; upper++)
        {
            Assert.Null(LimitText.ParseThresholds($"{upper}", out var thresholds));
            Assert.All(Enumerable.Range(0, upper + 1), n => Assert.Equal(n * 4 < upper * 3, n < thresholds.Lower));
        }
    }

    [Fact]
    public void Queue_and_source_limits_arrive()
    {
        var (diagnostics, service) = (new List<L4Lb.K8s.Diagnostics.Diagnostic>(), Web);
        var limits = ServiceAnnotations.Parse(
            service with
            {
                Metadata = service.Metadata with
                {
                    Annotations = service.Metadata.Annotations
                        .Add("l4lb.io/queue", "50,timeout=2s").Add("l4lb.io/max-sessions", "10")
                        .Add("l4lb.io/source-limits", "rate=20/10s,sessions=50,deny=1m,ipv4-prefix=24,ipv6-prefix=56,max-entries=100"),
                },
            },
            AnnotationOptions.Default, diagnostics).Limits;

        Assert.Empty(diagnostics);
        Assert.Equal((50, TimeSpan.FromSeconds(2), 10), (limits.QueueLength, limits.QueueTimeout, limits.MaxSessions));
        Assert.Equal(
            new SourceLimitSpec
            {
                MaxNewSessions = 20,
                Period = TimeSpan.FromSeconds(10),
                MaxSessions = 50,
                DenyFor = TimeSpan.FromMinutes(1),
                IPv4PrefixLength = 24,
                IPv6PrefixLength = 56,
                MaxEntries = 100,
            },
            limits.PerSource);
    }

    [Fact]
    public void A_rate_without_a_time_is_per_second() => Assert.Equal(
        new SourceLimitSpec { MaxNewSessions = 5, Period = TimeSpan.FromSeconds(1) },
        Read("l4lb.io/source-limits", "rate=5").Limits.PerSource);

    [Fact]
    public void Denied_ranges_arrive() => Assert.Equal(
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")],
        Read("l4lb.io/deny-source-ranges", "10.1.2.3/8, 2001:db8::/32").DeniedRanges);

    [Theory]
    [InlineData("l4lb.io/max-sessions", "-1", "expected a number of at least 0")]
    [InlineData("l4lb.io/backend-max-sessions", "1e3", "expected a number of at least 0")]
    [InlineData("l4lb.io/backend-thresholds", "0", "expected UPPER or UPPER,LOWER")]
    [InlineData("l4lb.io/backend-thresholds", "10,11", "LOWER: expected a number from 1 to 10")]
    [InlineData("l4lb.io/backend-thresholds", "10,5,1", "expected UPPER or UPPER,LOWER")]
    [InlineData("l4lb.io/queue", "many", "expected a number from 0 to 1000000")]
    [InlineData("l4lb.io/queue", "5,5s", "\"5s\" is not known here; expected timeout=")]
    [InlineData("l4lb.io/queue", "5,timeout=0", "expected a duration from 1ms to 1h")]
    [InlineData("l4lb.io/source-limits", "deny=1m", "expected a bound: rate=20/10s, sessions=50 or both")]
    [InlineData("l4lb.io/source-limits", "rate=20/0", "such as 20/10s: expected a duration from 100ms to 1h")]
    [InlineData("l4lb.io/source-limits", "rate=x/1s", "expected new sessions per time")]
    [InlineData("l4lb.io/source-limits", "sessions=1,ipv4-prefix=33", "expected a number from 1 to 32")]
    [InlineData("l4lb.io/deny-source-ranges", "10.0.0.1", "\"10.0.0.1\" is not a network")]
    [InlineData("l4lb.io/deny-source-ranges", "", "is not a network")]
    public void Refuses_a_bad_value_at_its_place(string name, string value, string expected) =>
        Assert.Contains(expected, Problem(name, value), StringComparison.Ordinal);
}
