using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Clients outside the source ranges are reset before a backend hears of them.</summary>
public sealed class SourceRangesDeny : FunctionalTest
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.2", "127.0.0.2/32")]
    [InlineData("127.0.0.1", "127.0.1.5", "127.0.1.0/24", "10.0.0.0/8")]
    public async Task To_others_than_those_named(string denied, string allowed, params string[] ranges)
    {
        var backend = Own(LoopbackBackend.Named(1));
        var service = Specs.Service(backend).WithSourceRanges(ranges);
        await StartAsync(service);

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address, IPAddress.Parse(denied)));

        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.SourceDenied, 0), (record.Reason, record.Attempts));
        Assert.Equal(0, backend.Accepted);
        var client = await ConnectAsync(service, IPAddress.Parse(allowed));
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));
    }

    [Theory]
    [InlineData("2001:db8::/32", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::1/128", false)]
    [InlineData("::/0", false)]
    public async Task Of_IPv6_as_well(string range, bool denied)
    {
        var backend = Own(LoopbackBackend.Source(new Payload(seed: 8), bytes: 3));
        var service = Specs.Service("web", Loopback.FreeEndPoint(IPAddress.IPv6Loopback), backend).WithSourceRanges(range);
        await StartAsync(service);

        Assert.Equal(denied ? (0, StreamEnd.Reset) : (3, StreamEnd.Fin), await TestConnection.AskAsync(service.Address));
        Assert.Equal(denied ? CloseReason.SourceDenied : CloseReason.Completed, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task An_edit_of_the_ranges_holds_for_the_next_client()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1)));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));

        await ApplyAsync(balancer, service.WithSourceRanges("192.0.2.0/24"));

        Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        Assert.Equal([2], await client.ExchangeAsync(new byte[] { 2 }));
    }
}
