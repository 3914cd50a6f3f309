using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>
/// Whole Ethernet frames of one interface and of one protocol, packet(7). Needs CAP_NET_RAW. Sends from any thread; one
/// reader.
/// </summary>
public sealed class PacketSocket : IDisposable
{
    private const int AttachFilter = 26;

    private readonly Socket _socket;

    private PacketSocket(Socket socket) => _socket = socket;

    /// <summary>Opens one for ARP.</summary>
    /// <param name="interfaceIndex">The interface, as <see cref="Link.Index"/>.</param>
    /// <exception cref="SocketException">It cannot.</exception>
    public static PacketSocket OpenArp(int interfaceIndex) => Open(interfaceIndex, EtherType.Arp, []);

    /// <summary>Opens one for neighbour solicitations and advertisements (RFC 4861); nothing else of IPv6 is received.</summary>
    /// <inheritdoc cref="OpenArp" path="/param|/exception"/>
    public static PacketSocket OpenNeighbourDiscovery(int interfaceIndex) =>
        Open(interfaceIndex, EtherType.IPv6, PacketFilter.NeighbourDiscovery);

    /// <summary>Sends a frame as it is; one that cannot be sent now is lost, as on a wire.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        try
        {
            return _socket.Send(frame, SocketFlags.None, out var error) == frame.Length && error == SocketError.Success;
        }
        catch (ObjectDisposedException)
        {
            return false; // Another one is being opened, because the interface is a new one.
        }
    }

    /// <summary>Receives one frame; returns its length, or what there was room for.</summary>
    /// <exception cref="SocketException">The interface went down, among others; the next call may succeed.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static PacketSocket Open(int interfaceIndex, EtherType type, ReadOnlySpan<PacketFilter.Instruction> filter)
    {
        // Without a protocol until it is bound: before that it would receive from every interface.
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            Attach(socket, filter);
            socket.Bind(new LinkEndPoint(interfaceIndex, type));
            return new PacketSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static unsafe void Attach(Socket socket, ReadOnlySpan<PacketFilter.Instruction> filter)
    {
        if (filter.IsEmpty)
        {
            return;
        }

        fixed (PacketFilter.Instruction* instructions = filter)
        {
            var program = new PacketFilter.Program { Count = (ushort)filter.Length, Instructions = instructions };
            socket.SetRawSocketOption(
                SocketConstants.SOL_SOCKET, AttachFilter, MemoryMarshal.AsBytes(new ReadOnlySpan<PacketFilter.Program>(in program)));
        }
    }

    /// <summary>Protocols by their number in an Ethernet header.</summary>
    private enum EtherType : ushort
    {
        Arp = 0x0806,
        IPv6 = 0x86DD,
    }

    /// <summary><c>struct sockaddr_ll</c>.</summary>
    private sealed class LinkEndPoint(int interfaceIndex, EtherType type) : EndPoint
    {
        private const int Size = 20;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override System.Net.SocketAddress Serialize()
        {
            var address = new System.Net.SocketAddress(AddressFamily.Packet, Size);
            address[2] = (byte)((int)type >> 8); // In network order,
            address[3] = (byte)type;
            for (var i = 0; i < sizeof(int); i++)
            {
                address[4 + i] = (byte)(interfaceIndex >> (BitConverter.IsLittleEndian ? 8 * i : 24 - (8 * i))); // and in the machine's.
            }

            return address;
        }
    }
}
