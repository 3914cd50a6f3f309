using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Interop;
using L4Lb.Host.Running;

namespace L4Lb.Host.Announcing;

/// <summary>The Ethernet segment of an interface of this machine, which may come and go. Needs CAP_NET_RAW.</summary>
internal sealed class LinkWire : IWire
{
    /// <summary>More than the part of any frame that is looked at.</summary>
    private const int FrameBytes = 128;

    /// <summary>Between a receive that failed and the next: an interface that goes down says so once.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly string _interface;
    private readonly LinkMonitor _monitor;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;

    // Under the lock.
    private readonly Lock _lock = new();
    private readonly SolicitedGroups _groups = new();
    private Segment _segment;
    private long _changes;

    private LinkWire(string iface, LinkMonitor monitor, Link link)
    {
        (_interface, _monitor) = (iface, monitor);
        _segment = OpenSegment(link);
        _following = FollowAsync();
    }

    /// <inheritdoc/>
    public event Action<Claim>? Heard;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public (bool IsUp, long Changes) Link
    {
        get
        {
            lock (_lock)
            {
                return (_segment.Link.IsUp, _changes);
            }
        }
    }

    /// <summary>Begins to listen on <paramref name="iface"/>.</summary>
    /// <exception cref="StartFailedException">It is not there, is no Ethernet, or may not be listened on.</exception>
    public static LinkWire Open(string iface)
    {
        var monitor = new LinkMonitor();
        try
        {
            if (RouteNetlink.ReadLink(iface, out var link) != 0 || link is null)
            {
                throw new StartFailedException($"--manage-addresses {iface}: there is no such interface");
            }

            return link.Type == LinkType.Ethernet
                ? new LinkWire(iface, monitor, link)
                : throw new StartFailedException($"--announce l2: {iface} is no Ethernet, it has no neighbours to tell");
        }
        catch (SocketException e)
        {
            monitor.Dispose();
            throw new StartFailedException(
                e.SocketErrorCode == SocketError.AccessDenied
                    ? $"--announce l2: {iface}: not permitted; it needs the capability CAP_NET_RAW"
                    : $"--announce l2: {iface}: {e.Message}",
                e);
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Watch(IPAddress address)
    {
        lock (_lock)
        {
            _groups.Join(address, _segment.Link.Index);
        }
    }

    /// <inheritdoc/>
    public void Unwatch(IPAddress address)
    {
        lock (_lock)
        {
            _groups.Leave(address, _segment.Link.Index);
        }
    }

    /// <inheritdoc/>
    public void Probe(IPAddress address)
    {
        lock (_lock)
        {
            _segment.Probe(address);
        }
    }

    /// <inheritdoc/>
    public void Announce(IPAddress address)
    {
        lock (_lock)
        {
            _segment.Announce(address);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        lock (_lock)
        {
            _segment.Dispose();
            _groups.Dispose();
        }

        _monitor.Dispose();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await _monitor.WaitForChangeAsync(_stop.Token);
                if (LookAgain())
                {
                    Changed?.Invoke();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Whether the interface is not as it was.</summary>
    private bool LookAgain()
    {
        _ = RouteNetlink.ReadLink(_interface, out var found);
        lock (_lock)
        {
            var before = _segment.Link;
            var link = found ?? before with { Flags = LinkFlags.None }; // One that is gone is down.
            if (link == before || (link.Index != before.Index && !TryReplaceSegment(link)))
            {
                return false; // Another interface changed; or this one has gone again, of which we will hear.
            }

            _segment.Link = link;
            _changes++;
            return true;
        }
    }

    private bool TryReplaceSegment(Link link)
    {
        try
        {
            var next = OpenSegment(link);
            _segment.Dispose();
            _segment = next;
            _groups.JoinAgain(link.Index);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Segment OpenSegment(Link link)
    {
        var arp = PacketSocket.OpenArp(link.Index);
        try
        {
            var segment = new Segment(link, arp, PacketSocket.OpenNeighbourDiscovery(link.Index));
            _ = ListenAsync(segment, segment.Arp, ArpFrame.Read);
            _ = ListenAsync(segment, segment.NeighbourDiscovery, NeighbourFrame.Read);
            return segment;
        }
        catch
        {
            arp.Dispose();
            throw;
        }
    }

    /// <summary>Hands on what others say, until the socket is disposed.</summary>
    private async Task ListenAsync(Segment segment, PacketSocket socket, ClaimReader read)
    {
        var buffer = new byte[FrameBytes];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveAsync(buffer, _stop.Token);
                if (read(buffer.AsSpan(0, length)) is { } claim && claim.Sender != segment.Link.Hardware)
                {
                    Heard?.Invoke(claim);
                }
            }
            catch (SocketException) when (!segment.IsDisposed)
            {
                await Task.Delay(s_pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private delegate Claim? ClaimReader(ReadOnlySpan<byte> frame);

    /// <summary>The interface while it is one and the same, and the sockets that are bound to it.</summary>
    private sealed class Segment(Link link, PacketSocket arp, PacketSocket neighbourDiscovery) : IDisposable
    {
        private volatile bool _isDisposed;
        private volatile Link _link = link;

        public PacketSocket Arp => arp;

        public PacketSocket NeighbourDiscovery => neighbourDiscovery;

        public Link Link
        {
            get => _link;
            set => _link = value;
        }

        public bool IsDisposed => _isDisposed;

        public void Probe(IPAddress address)
        {
            if (address.GetAddressBytes().Length == 4)
            {
                arp.TrySend(ArpFrame.Probe(Link.Hardware, address));
            }
            else
            {
                neighbourDiscovery.TrySend(NeighbourFrame.Probe(Link.Hardware, address));
            }
        }

        public void Announce(IPAddress address)
        {
            if (address.GetAddressBytes().Length == 4)
            {
                arp.TrySend(ArpFrame.Announcement(Link.Hardware, address));
                arp.TrySend(ArpFrame.GratuitousReply(Link.Hardware, address));
            }
            else
            {
                neighbourDiscovery.TrySend(NeighbourFrame.Announcement(Link.Hardware, address));
            }
        }

        public void Dispose()
        {
            _isDisposed = true;
            arp.Dispose();
            neighbourDiscovery.Dispose();
        }
    }
}
