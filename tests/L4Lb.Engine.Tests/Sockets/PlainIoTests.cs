using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Testing;
using SocketAddress = L4Lb.Engine.Interop.SocketAddress;

namespace L4Lb.Engine.Tests.Sockets;

public sealed class PlainIoTests : IDisposable
{
    private readonly List<int> _open = [];
    private readonly PrecisePoller _poller = new();

    public void Dispose()
    {
        _open.ForEach(SocketIo.Close);
        _poller.Dispose();
    }

    [Fact]
    public void A_connection_comes_from_the_address_that_it_is_told_and_carries_bytes()
    {
        var (server, at) = Bound(isUdp: false);
        Assert.Equal(Errno.None, PlainIo.Listen(server, 16));
        var client = Keep(PlainIo.Dial(Address("127.7.8.9", 0), at, isUdp: false));
        var accepted = Accept(server, out var from);
        Assert.Equal("127.7.8.9", from.ToString().Split(':')[0]);

        Assert.Equal(5, PlainIo.Send(client, "hello"u8).Value);
        Await(accepted, EpollEvents.In);
        var buffer = new byte[16];
        Assert.Equal(5, PlainIo.Receive(accepted, buffer).Value);
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
        Assert.True(PlainIo.Receive(accepted, buffer).WouldBlock);
    }

    [Fact]
    public void Who_stops_listening_keeps_the_port_and_can_begin_again()
    {
        var at = Address("127.0.0.1", Loopback.FreePort());
        var server = Keep(PlainIo.Bind(at, isUdp: false));
        PlainIo.Listen(server, 16);
        Assert.Equal(Errno.None, Connected(at));
        PlainIo.StopListening(server);
        Assert.Equal(Errno.ECONNREFUSED, Connected(at));

        Assert.Equal(Errno.None, PlainIo.Listen(server, 16));
        Assert.Equal(Errno.None, Connected(at));
    }

    [Fact]
    public void Datagrams_know_their_sender()
    {
        var (server, at) = Bound(isUdp: true);
        var client = Keep(PlainIo.Dial(Address("127.7.8.9", 0), at, isUdp: true));
        Assert.Equal(4, PlainIo.Send(client, "ping"u8).Value);
        Await(server, EpollEvents.In);
        var buffer = new byte[16];
        Assert.Equal(4, PlainIo.ReceiveFrom(server, buffer, out var from).Value);

        PlainIo.SendTo(server, "pong!"u8, from);
        Await(client, EpollEvents.In);
        Assert.Equal(5, PlainIo.Receive(client, buffer).Value);
        Assert.Equal("pong!"u8, buffer.AsSpan(0, 5));
        Assert.True(PlainIo.ReceiveFrom(server, buffer, out _).WouldBlock);
    }

    [Fact]
    public void What_cannot_be_made_is_said()
    {
        Assert.Equal(Errno.EADDRNOTAVAIL, PlainIo.Bind(Address("192.0.2.1", 80), isUdp: false).Error);
        Assert.Equal(Errno.EADDRNOTAVAIL, PlainIo.Dial(Address("192.0.2.1", 0), Address("127.0.0.1", 9), isUdp: true).Error);
    }

    private static SocketAddress Address(string address, int port) => AddressKey.From(IPAddress.Parse(address), port).ToSocketAddress();

    private (int Fd, SocketAddress At) Bound(bool isUdp)
    {
        var fd = Keep(PlainIo.Bind(Address("127.0.0.1", 0), isUdp));
        return (fd, SocketIo.LocalAddress(fd));
    }

    private int Accept(int server, out AddressKey from)
    {
        Await(server, EpollEvents.In);
        var accepted = Keep(SocketIo.Accept(server, out var address));
        from = address.ToKey();
        return accepted;
    }

    /// <summary>How a connect ends.</summary>
    private Errno Connected(SocketAddress to)
    {
        var made = PlainIo.Dial(null, to, isUdp: false);
        if (!made.Succeeded)
        {
            return made.Error;
        }

        Await(Keep(made), EpollEvents.Out);
        return SocketIo.TakeError(made.Value);
    }

    private void Await(int fd, EpollEvents events)
    {
        _poller.Add(fd, events, data: 1);
        Assert.Equal(1, _poller.Wait((long)Eventually.Deadline.TotalNanoseconds));
        _poller.Remove(fd);
    }

    private int Keep(IoResult made)
    {
        Assert.True(made.Succeeded, $"{made.Error}");
        _open.Add(made.Value);
        return made.Value;
    }
}
