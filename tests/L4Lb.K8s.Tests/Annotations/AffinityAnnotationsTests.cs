using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Tests.Standalone;
using static L4Lb.K8s.Tests.Annotations.Annotated;

namespace L4Lb.K8s.Tests.Annotations;

public class AffinityAnnotationsTests
{
    [Fact]
    public void Each_arrives()
    {
        Assert.Equal(AffinityScope.Service, Read("l4lb.io/affinity-scope", "service").Affinity.Scope);
        Assert.Equal(24, Read("l4lb.io/affinity-ipv4-prefix", "24").Affinity.IPv4PrefixLength);
        Assert.Equal(64, Read("l4lb.io/affinity-ipv6-prefix", "64").Affinity.IPv6PrefixLength);
        Assert.Equal(AffinityWhenGone.WaitForDrain, Read("l4lb.io/affinity-when-gone", "wait").Affinity.WhenGone);
        Assert.Equal(AffinityFirstPick.ConsistentHash, Read("l4lb.io/affinity-first-pick", "hash").Affinity.FirstPick);
        Assert.Equal(1000, Read("l4lb.io/affinity-max-entries", "1000").Affinity.MaxEntries);
    }

    [Theory]
    [InlineData("l4lb.io/affinity-scope", "service")]
    [InlineData("l4lb.io/affinity-ipv4-prefix", "24")]
    [InlineData("l4lb.io/affinity-ipv6-prefix", "64")]
    [InlineData("l4lb.io/affinity-when-gone", "wait")]
    [InlineData("l4lb.io/affinity-first-pick", "hash")]
    [InlineData("l4lb.io/affinity-max-entries", "1000")]
    public void None_has_an_effect_without_ClientIP(string name, string value) => Assert.Equal(
        [$"warning: [{name}]: has no effect: spec.sessionAffinity is not ClientIP"],
        Messages(Make.Service("web").Annotated(name, value)));

    [Theory]
    [InlineData("l4lb.io/affinity-scope", "node", "expected port or service")]
    [InlineData("l4lb.io/affinity-ipv4-prefix", "0", "expected a number from 1 to 32")]
    [InlineData("l4lb.io/affinity-ipv6-prefix", "129", "expected a number from 1 to 128")]
    [InlineData("l4lb.io/affinity-when-gone", "stay", "expected rebalance or wait")]
    [InlineData("l4lb.io/affinity-first-pick", "random", "expected scheduler or hash")]
    [InlineData("l4lb.io/affinity-max-entries", "0", "expected a number from 1 to 16777216")]
    public void Refuses_a_bad_value_at_its_place(string name, string value, string expected) =>
        Assert.Contains(expected, Problem(name, value), StringComparison.Ordinal);

    [Fact]
    public void In_one_text_for_the_command_line()
    {
        Assert.Null(AffinityText.Parse(
            "ClientIP,timeout=10m,ipv4-prefix=24,ipv6-prefix=56,when-gone=wait,first-pick=hash,max-entries=9", out var affinity));

        Assert.Equal(
            new AffinitySpec
            {
                Timeout = TimeSpan.FromMinutes(10),
                IPv4PrefixLength = 24,
                IPv6PrefixLength = 56,
                WhenGone = AffinityWhenGone.WaitForDrain,
                FirstPick = AffinityFirstPick.ConsistentHash,
                MaxEntries = 9,
            },
            affinity);
        Assert.Null(AffinityText.Parse("None", out affinity));
        Assert.Null(affinity);
    }

    [Theory]
    [InlineData("clientip", "expected ClientIP or None")]
    [InlineData("None,timeout=1s", "no parameters belong here")]
    [InlineData("ClientIP,timeout=2d", "expected a duration from 1s to 24h")]
    public void In_one_text_that_is_wrong(string text, string expected) =>
        Assert.Contains(expected, AffinityText.Parse(text, out _), StringComparison.Ordinal);
}
