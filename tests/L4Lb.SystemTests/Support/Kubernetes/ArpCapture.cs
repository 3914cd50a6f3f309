using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace L4Lb.SystemTests.Support.Kubernetes;

/// <summary>Everybody who says on a switch that an IPv4 address is theirs, and when: the truth of the wire.</summary>
internal sealed class ArpCapture : IAsyncDisposable
{
    private const int EveryProtocol = 0x0003; // ETH_P_ALL: those of a bridge's ports are seen by no narrower one.
    private const int ArpFrameBytes = 42;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ArpClaim> _claims = new();
    private readonly Task _reading;

    public ArpCapture(NetworkNamespace space)
    {
        _socket = space.Inside(static () => new Socket(
            AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder((short)EveryProtocol)));
        _socket.ReceiveBufferSize = 8 * 1024 * 1024;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The claims of an address so far, in order; each is there once a port of the switch.</summary>
    public IReadOnlyList<ArpClaim> ClaimsOf(IPAddress address) => [.. _claims.Where(c => c.Address.Equals(address))];

    /// <summary>
    /// The longest time for which two claimed the address: from the first claim of the later one to the last of the earlier.
    /// Who had it, lost it and had it again is taken for one who had it all along: no test has that.
    /// </summary>
    public TimeSpan LongestOverlap(IPAddress address)
    {
        var spans = ClaimsOf(address).GroupBy(static c => c.By)
            .Select(static by => (First: by.Min(static c => c.At), Last: by.Max(static c => c.At))).OrderBy(static s => s.First).ToList();
        var overlaps =
            from earlier in spans.Index()
            from later in spans.Skip(earlier.Index + 1)
            select earlier.Item.Last - later.First;
        return overlaps.Append(TimeSpan.Zero).Max();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var frame = new byte[65536];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(frame, _stop.Token);
                var now = Stopwatch.GetElapsedTime(0);
                if (Parse(frame.AsSpan(0, length), now) is { } claim)
                {
                    _claims.Enqueue(claim);
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }

    /// <summary>An ARP packet in which the sender names itself; a probe, from nowhere, claims nothing.</summary>
    private static ArpClaim? Parse(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (frame.Length < ArpFrameBytes || frame[12] != 0x08 || frame[13] != 0x06)
        {
            return null;
        }

        var sender = new IPAddress(frame[28..32]);
        return sender.Equals(IPAddress.Any) ? null : new(now, sender, new PhysicalAddress(frame[22..28].ToArray()), frame[21] == 2);
    }
}

/// <summary>Somebody said that an address is theirs.</summary>
/// <param name="At">When, since the machine started.</param>
/// <param name="Address">The address.</param>
/// <param name="By">Who.</param>
/// <param name="IsReply">Whether they were asked, or call themselves a reply.</param>
internal sealed record ArpClaim(TimeSpan At, IPAddress Address, PhysicalAddress By, bool IsReply);
