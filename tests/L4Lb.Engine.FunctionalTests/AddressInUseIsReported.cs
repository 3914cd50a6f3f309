using System.Net;
using System.Net.Sockets;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>An address that somebody else has is said to be so, costs only itself, and is tried again.</summary>
public sealed class AddressInUseIsReported : FunctionalTest
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task While_the_others_are_served_and_until_it_is_free(bool strangerShares, bool portIsOursElsewhere)
    {
        var backend = Own(LoopbackBackend.Named(1));
        var stranger = Listen(Loopback.FreeEndPoint(), strangerShares);
        var address = (IPEndPoint)stranger.LocalEndPoint!;
        var taken = Specs.Service("taken", address, backend);
        var free = Specs.Service("free", portIsOursElsewhere ? new IPEndPoint(IPAddress.Parse("127.0.0.2"), address.Port) : Loopback.FreeEndPoint(), backend);
        var balancer = await StartAsync(free, taken);

        var status = balancer.GetListeners().Single(listener => listener.Service == taken.Key);
        Assert.Equal(ListenerState.Failed, status.State);
        Assert.Contains("in use by another process", status.Problem, StringComparison.Ordinal);
        await AssertServesAsync(free);

        // Clients of the stranger must all reach the stranger: none may be spread to us.
        for (var i = 0; i < 8; i++)
        {
            using var client = await TestConnection.ConnectAsync(address);
            using var accepted = await stranger.AcceptAsync();
        }

        stranger.Dispose();
        await ApplyAsync(balancer, free, taken);
        await AssertServesAsync(taken);
        Assert.All(balancer.GetListeners(), listener => Assert.Equal((ListenerState.Listening, null), (listener.State, listener.Problem)));
    }

    [Fact]
    public async Task Our_own_wildcard_does_not_keep_us_from_a_single_address()
    {
        var wildcard = Specs.Service("wildcard", new IPEndPoint(IPAddress.Any, Loopback.FreeEndPoint().Port), Own(LoopbackBackend.Named(1)));
        var single = Specs.Service("single", new IPEndPoint(IPAddress.Loopback, wildcard.Address.Port), Own(LoopbackBackend.Named(2)));
        var balancer = await StartAsync(wildcard);
        await ApplyAsync(balancer, wildcard, single);

        Assert.All(balancer.GetListeners(), listener => Assert.Equal((ListenerState.Listening, null), (listener.State, listener.Problem)));
        using var client = await TestConnection.ConnectAsync(single.Address);
        Assert.Equal([2], await client.ReceiveExactlyAsync(1));

        await ApplyAsync(balancer, single);
        await ApplyAsync(balancer, single, wildcard);
        using var other = await TestConnection.ConnectAsync(new IPEndPoint(IPAddress.Parse("127.0.0.3"), wildcard.Address.Port));
        Assert.Equal([1], await other.ReceiveExactlyAsync(1));
    }

    private Socket Listen(IPEndPoint address, bool shares)
    {
        var socket = Own(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        if (shares)
        {
            // The framework's name for SO_REUSEADDR and SO_REUSEPORT together.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }

        socket.Bind(address);
        socket.Listen();
        return socket;
    }

    private static async Task AssertServesAsync(ServiceSpec service)
    {
        using var client = await TestConnection.ConnectAsync(service.Address);
        Assert.Equal([1], await client.ReceiveExactlyAsync(1));
    }
}
