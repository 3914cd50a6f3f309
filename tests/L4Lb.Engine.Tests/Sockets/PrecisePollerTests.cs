using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Sockets;

public sealed class PrecisePollerTests : IDisposable
{
    private readonly PrecisePoller _poller = new();
    private readonly Socket _receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public PrecisePollerTests()
    {
        _receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sender.Connect(_receiver.LocalEndPoint!);
    }

    private int Receiver => (int)_receiver.Handle;

    public void Dispose()
    {
        _poller.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
    }

    [Fact]
    public void A_wait_for_nothing_ends_after_its_time_which_may_be_less_than_a_millisecond()
    {
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, _poller.Wait(nanoseconds: 300_000));
            shortest = clock.Elapsed < shortest ? clock.Elapsed : shortest;
        }

        // How late the others were is the machine's matter.
        Assert.InRange(shortest.TotalMicroseconds, 300, 999);
    }

    [Fact]
    public void What_happens_ends_a_wait_and_is_told_until_it_is_taken()
    {
        _poller.Add(Receiver, EpollEvents.In, data: 77);
        _sender.Send("x"u8);
        Assert.Equal(1, _poller.Wait(nanoseconds: 60_000_000_000));
        Assert.Equal((EpollEvents.In, 77UL), _poller.EventAt(0));
        Assert.Equal(1, _poller.Wait(nanoseconds: 0));

        _receiver.Receive(new byte[1]);
        Assert.Equal(0, _poller.Wait(nanoseconds: 0));
    }

    [Fact]
    public void What_is_watched_can_change_and_end()
    {
        _sender.Send("x"u8);
        _poller.Add(Receiver, EpollEvents.None, data: 77);
        Assert.Equal(0, _poller.Wait(nanoseconds: 0));
        _poller.Change(Receiver, EpollEvents.In, data: 78);
        Assert.Equal((1, 78UL), (_poller.Wait(nanoseconds: 0), _poller.EventAt(0).Data));
        _poller.Remove(Receiver);
        Assert.Equal(0, _poller.Wait(nanoseconds: 0));
        Assert.Throws<IOException>(() => _poller.Remove(Receiver));
    }
}
