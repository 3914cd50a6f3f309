using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class ListenerTargetTests
{
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("10.0.0.0", true, "10.0.0.0/8")]
    [InlineData("10.255.255.255", true, "10.0.0.0/8")]
    [InlineData("11.0.0.0", false, "10.0.0.0/8")]
    [InlineData("9.255.255.255", false, "10.0.0.0/8")]
    [InlineData("192.0.2.7", true, "192.0.2.7/32")]
    [InlineData("192.0.2.6", false, "192.0.2.7/32")]
    [InlineData("192.0.2.6", true, "10.0.0.0/8", "192.0.2.0/31", "192.0.2.6/31")]
    [InlineData("203.0.113.1", true, "0.0.0.0/0")]
    [InlineData("2001:db8::1", false, "0.0.0.0/0")]
    [InlineData("2001:db8::1", true, "::/0")]
    [InlineData("203.0.113.1", false, "::/0")]
    [InlineData("203.0.113.1", false, "::/64")]
    [InlineData("203.0.113.1", true, "::/0", "0.0.0.0/0")]
    [InlineData("2001:db8:ffff::1", true, "2001:db8::/32")]
    [InlineData("2001:db9::1", false, "2001:db8::/32")]
    [InlineData("::1", true, "::1/128")]
    [InlineData("::2", false, "::1/128")]
    [InlineData("10.1.2.3", true, "::ffff:10.0.0.0/104")]
    [InlineData("11.1.2.3", false, "::ffff:10.0.0.0/104")]
    public void Lets_in_whom_a_range_contains(string client, bool letsIn, params string[] ranges)
    {
        var target = Target("10.96.0.1", ranges);

        Assert.Equal(letsIn, !target.Refuses(AddressKey.From(IPAddress.Parse(client), 40000)));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.3.3", false)]
    [InlineData("11.1.2.3", true)]
    [InlineData("2001:db8::1", true)]
    public void Denied_ranges_come_first(string client, bool refuses)
    {
        var target = Target("10.96.0.1", "10.0.0.0/8");
        target = target with { Listen = target.Listen with { DeniedRanges = [IPNetwork.Parse("10.1.2.0/24")] } };

        Assert.Equal(refuses, new ListenerTarget(target.Service, target.Listen).Refuses(AddressKey.From(IPAddress.Parse(client), 1)));
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    public void Knows_wildcards(string address, bool isWildcard)
    {
        Assert.Equal(isWildcard, Target(address).IsWildcard);
    }

    private static ListenerTarget Target(string address, params string[] ranges)
    {
        var listen = new ListenSpec
        {
            Address = new IPEndPoint(IPAddress.Parse(address), 80),
            SourceRanges = [.. ranges.Select(IPNetwork.Parse)],
        };
        var spec = new ServiceSpec { Key = new ServiceKey("default", "web", "tcp"), Listens = [listen] };
        var memory = new SchedulerMemory(1);
        var snapshot = SnapshotBuilder.Build(spec, new Dictionary<AddressKey, Backend>(), memory, memory, affinity: null);
        return new ListenerTarget(new Service(spec.Key, snapshot, memory, memory), listen);
    }
}
