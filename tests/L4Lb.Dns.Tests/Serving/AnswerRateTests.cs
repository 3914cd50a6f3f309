using System.Net;
using L4Lb.Dns.Serving;
using L4Lb.Engine.Desired;

namespace L4Lb.Dns.Tests.Serving;

public class AnswerRateTests
{
    private static readonly AddressKey s_client = Key("198.51.100.7");

    [Fact]
    public void A_second_worth_goes_at_once_and_then_at_its_rate()
    {
        var rate = new AnswerRate(perSecond: 100);
        const long Start = 50_000_000;
        Assert.Equal(100, Enumerable.Range(0, 1000).Count(_ => rate.TryTake(s_client, Start)));
        Assert.InRange(Enumerable.Range(0, 500).Count(i => rate.TryTake(s_client, Start + (i * 1000))), 49, 50);
        Assert.Equal(100, Enumerable.Range(0, 1000).Count(_ => rate.TryTake(s_client, Start + 60_000_000)));
    }

    [Fact]
    public void Others_are_not_touched()
    {
        var rate = new AnswerRate(perSecond: 10);
        while (rate.TryTake(s_client, 1))
        {
        }

        // Of a thousand others next to none shares its place.
        var others = Enumerable.Range(0, 1000).Count(i => rate.TryTake(Key($"10.1.{i / 250}.{i % 250}"), 1));
        Assert.InRange(others, 990, 1000);
    }

    [Fact]
    public void An_IPv6_network_counts_as_one()
    {
        var rate = new AnswerRate(perSecond: 10);
        Assert.Equal(10, Enumerable.Range(1, 100).Count(i => rate.TryTake(Key($"2001:db8::{i:x}"), 1)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.3.2.1")]
    [InlineData("::1")]
    public void One_s_own_host_has_no_bound(string address)
    {
        var rate = new AnswerRate(perSecond: 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(rate.TryTake(Key(address), 1)));
    }

    [Fact]
    public void Nought_is_no_bound()
    {
        var rate = new AnswerRate(perSecond: 0);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(rate.TryTake(s_client, 1)));
    }

    private static AddressKey Key(string address) => AddressKey.From(IPAddress.Parse(address), 4000);
}
