using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Both families in front and behind, and what the record says of them.</summary>
public sealed class IPv6IsServed : FunctionalTest
{
    [Theory]
    [InlineData("::1", "::1")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("127.0.0.1", "::1")]
    public async Task In_front_and_behind(string front, string behind)
    {
        var backend = Own(LoopbackBackend.Echo(IPAddress.Parse(behind)));
        var service = Specs.Service("web", Loopback.FreeEndPoint(IPAddress.Parse(front)), backend);
        await StartAsync(service);

        var client = await ConnectAsync(service);
        Assert.Equal([1, 2], await client.ExchangeAsync(new byte[] { 1, 2 }));
        client.FinishSending();
        await client.ReceiveToEndAsync();

        var record = await Log.SingleAsync();
        Assert.Equal(client.LocalEndPoint, record.Client.ToIPEndPoint());
        Assert.Equal(service.Address, record.Listen.ToIPEndPoint());
        Assert.Equal(backend.EndPoint, record.Backend!.Value.ToIPEndPoint());
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.5")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "::1")]
    public async Task A_wildcard_listener_reports_the_address_that_was_asked_for(string wildcard, string asked)
    {
        var port = Loopback.FreeEndPoint(IPAddress.Parse(asked)).Port;
        var service = Specs.Service("web", new IPEndPoint(IPAddress.Parse(wildcard), port), Own(LoopbackBackend.Echo()));
        await StartAsync(service);

        using (var client = await TestConnection.ConnectAsync(new IPEndPoint(IPAddress.Parse(asked), port)))
        {
            await client.ExchangeAsync(new byte[] { 1 });
        }

        Assert.Equal(new IPEndPoint(IPAddress.Parse(asked), port), (await Log.SingleAsync()).Listen.ToIPEndPoint());
    }

    /// <summary>The IPv6 wildcard is for IPv6 alone: the other family may belong to somebody else.</summary>
    [Fact]
    public async Task The_wildcards_of_both_families_are_two()
    {
        var port = Loopback.FreeEndPoint().Port;
        var v4 = Specs.Service("v4", new IPEndPoint(IPAddress.Any, port), Own(LoopbackBackend.Named(4)));
        var v6 = Specs.Service("v6", new IPEndPoint(IPAddress.IPv6Any, port), Own(LoopbackBackend.Named(6)));
        await StartAsync(v4, v6);

        var client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal([4], await client.ReceiveExactlyAsync(1));
        client = await ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, port));
        Assert.Equal([6], await client.ReceiveExactlyAsync(1));
    }
}
