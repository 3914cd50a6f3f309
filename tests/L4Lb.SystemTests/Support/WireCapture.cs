using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace L4Lb.SystemTests.Support;

/// <summary>What hosts send, as their switch sees it.</summary>
internal sealed partial class WireCapture : IDisposable
{
    // struct sockaddr_ll, packet(7).
    private const int AddressBytes = 20;
    private const int DirectionOffset = 10;
    private const int Outgoing = 4;

    // ioctl: when the frame that was read last came in, socket(7).
    private const nuint StampOfLast = 0x8907;

    // Enough for what is asked of a frame, and little for all that a test sends.
    private const int HeaderBytes = 128;

    private readonly ConcurrentQueue<CapturedFrame> _frames = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _readers = [];
    private readonly DateTime _began = DateTime.UtcNow;

    /// <summary>Time since the capture began.</summary>
    public TimeSpan Now => DateTime.UtcNow - _began;

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<CapturedFrame> Frames
    {
        get
        {
            Assert.DoesNotContain(_readers, r => r.IsFaulted); // It would not be everything.
            return [.. _frames];
        }
    }

    /// <summary>
    /// The longest time for which two hosts claimed an address, which somebody must have: from the first claim of the later one to
    /// the last of the earlier. Who had it, lost it and had it again is taken for one who had it all along: no test has that.
    /// </summary>
    public TimeSpan LongestOverlap(IPAddress address)
    {
        var spans = Frames.Where(f => f.Claims(address)).GroupBy(static f => f.Host)
            .Select(static by => (First: by.Min(static f => f.At), Last: by.Max(static f => f.At))).OrderBy(static s => s.First).ToList();
        Assert.NotEmpty(spans);
        var overlaps =
            from earlier in spans.Index()
            from later in spans.Skip(earlier.Index + 1)
            select earlier.Item.Last - later.First;
        return overlaps.Append(TimeSpan.Zero).Max();
    }

    /// <summary>Captures what comes in from a host at a port of a switch.</summary>
    public void Listen(NetworkNamespace host, NetworkNamespace hub, int portIndex)
    {
        var socket = hub.Inside(() =>
        {
            var made = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified) { ReceiveBufferSize = 4 << 20 };
            _ = StampOf(made); // Asks the kernel to stamp frames from now on.
            made.Bind(new PortEndPoint(portIndex));
            return made;
        });
        _sockets.Add(socket);
        _readers.Add(ReadAsync(host, socket));
    }

    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private async Task ReadAsync(NetworkNamespace host, Socket socket)
    {
        var buffer = new byte[HeaderBytes];
        while (true)
        {
            try
            {
                var from = new SocketAddress(AddressFamily.Packet, SocketAddress.GetMaximumAddressSize(AddressFamily.Packet));
                var length = await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, from);
                if (from[DirectionOffset] != Outgoing)
                {
                    _frames.Enqueue(new CapturedFrame(StampOf(socket)!.Value - _began, host, buffer[..length]));
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkDown)
            {
                // The cable was pulled; what comes when it is back is captured again.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// When the frame came in: on a busy machine it is read a good deal later, and what came at intervals is read at once.
    /// </summary>
    private static DateTime? StampOf(Socket socket) =>
        Control((int)socket.Handle, StampOfLast, out var stamp) == 0
            ? DateTime.UnixEpoch.AddSeconds(stamp.Seconds).AddTicks(stamp.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : null;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int fd, nuint request, out TimeSpec stamp);

    /// <summary><c>struct timespec</c> of 64-bit machines.</summary>
    private record struct TimeSpec(long Seconds, long Nanoseconds);

    private sealed class PortEndPoint(int index) : EndPoint
    {
        private const byte EveryProtocol = 3;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, AddressBytes);
            address[3] = EveryProtocol;
            for (var i = 0; i < sizeof(int); i++)
            {
                address[4 + i] = (byte)(index >> (8 * i));
            }

            return address;
        }
    }
}
