using System.Buffers.Binary;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Messages in the making, to be sent by one call: each of one datagram, or of several of the same size in a row that the
/// kernel is to take apart again (UDP GSO). Their bytes stay where they were received. Shard thread only.
/// </summary>
internal sealed unsafe class SendBatch : IDisposable
{
    /// <summary>Most messages.</summary>
    internal const int MessagesMost = 64;

    // Linux include/linux/udp.h, UDP_MAX_SEGMENTS, as it was at first; and what an IP packet holds, with room for headers.
    private const int SegmentsMost = 64;
    private const int SegmentedBytesMost = 65_000;

    private const int VectorsMost = 256;
    private const int ControlBytes = 64;

    private readonly NativeBuffer _memory;
    private readonly IoVector* _vectors;
    private readonly byte* _controls;
    private readonly SocketAddress* _names;
    private readonly int[] _datagrams = new int[MessagesMost];
    private readonly int[] _segments = new int[MessagesMost];
    private int _vectorCount;
    private int _segment;
    private int _bytes;

    internal SendBatch()
    {
        const int PerMessage = ControlBytes + 32;
        _memory = new NativeBuffer((MessagesMost * (sizeof(DatagramHeader) + PerMessage)) + (VectorsMost * sizeof(IoVector)));
        Headers = (DatagramHeader*)_memory.Pointer;
        _vectors = (IoVector*)(Headers + MessagesMost);
        _controls = (byte*)(_vectors + VectorsMost);
        _names = (SocketAddress*)(_controls + (MessagesMost * ControlBytes));
    }

    internal DatagramHeader* Headers { get; }

    /// <summary>Messages so far.</summary>
    internal int Count { get; private set; }

    /// <summary>There may be no room for another message.</summary>
    internal bool IsFull => Count == MessagesMost || _vectorCount + 2 > VectorsMost;

    internal void Clear() => (Count, _vectorCount, _segment) = (0, 0, 0);

    /// <summary>Number of datagrams of a message.</summary>
    internal int DatagramsOf(int message) => _datagrams[message];

    /// <summary>What lies in one of a message's vectors.</summary>
    internal Datagram PartOf(int message, int vector)
    {
        var part = Headers[message].Vectors + vector;
        return new Datagram(part->Data, (int)part->Length, Math.Min(_segments[message], (int)part->Length));
    }

    /// <summary>Begins a message for a connected socket. It must fit, see <see cref="IsFull"/>.</summary>
    internal void Add(in Datagram datagram) => Begin(datagram, null, 0);

    /// <summary>Begins a message of <paramref name="prefix"/> and a single datagram.</summary>
    internal void Add(in Datagram prefix, in Datagram datagram)
    {
        Begin(prefix, null, 0);
        Append(datagram);
        _segment = 0;
    }

    /// <summary>Begins a message to <paramref name="name"/>, from <paramref name="from"/> if that is not the default.</summary>
    internal void Add(in Datagram datagram, in SocketAddress name, in AddressKey from)
    {
        var target = _names + Count;
        *target = name;
        var header = Begin(datagram, target, (uint)name.Length);
        if (from != default)
        {
            header->ControlLength += (nuint)WriteFrom(header->Control + header->ControlLength, from);
        }
    }

    /// <summary>Makes <paramref name="datagram"/> part of the last message, if the kernel can take them apart again.</summary>
    internal bool TryAppend(in Datagram datagram)
    {
        if (Count == 0 || _segment <= 0 || datagram.Count > 1 || datagram.Length == 0 || datagram.Length > _segment
            || _datagrams[Count - 1] >= SegmentsMost || _bytes + datagram.Length > SegmentedBytesMost || _vectorCount == VectorsMost)
        {
            return false;
        }

        if (_datagrams[Count - 1] == 1)
        {
            var header = Headers + Count - 1;
            header->ControlLength += (nuint)WriteSegment(header->Control + header->ControlLength, _segment);
        }

        Append(datagram);
        _datagrams[Count - 1]++;

        // Only the last may be shorter.
        _segment = datagram.Length < _segment ? 0 : _segment;
        return true;
    }

    public void Dispose() => _memory.Dispose();

    private DatagramHeader* Begin(in Datagram datagram, SocketAddress* name, uint nameLength)
    {
        var header = Headers + Count;
        *header = new DatagramHeader
        {
            Name = name,
            NameLength = nameLength,
            Vectors = _vectors + _vectorCount,
            Control = _controls + (Count * ControlBytes),
        };
        (_datagrams[Count], _segments[Count]) = (datagram.Count, datagram.Segment);
        Count++;
        _bytes = 0;
        Append(datagram);
        _segment = datagram.Count == 1 ? datagram.Length : 0;
        if (datagram.Count > 1)
        {
            header->ControlLength = (nuint)WriteSegment(header->Control, datagram.Segment);
        }

        return header;
    }

    private void Append(in Datagram datagram)
    {
        _vectors[_vectorCount++] = new IoVector { Data = datagram.Data, Length = (nuint)datagram.Length };
        Headers[Count - 1].VectorCount++;
        _bytes += datagram.Length;
    }

    private static int WriteSegment(byte* control, int segment) =>
        ControlMessage.Write(control, SocketConstants.IPPROTO_UDP, SocketConstants.UDP_SEGMENT, (ushort)segment);

    private static int WriteFrom(byte* control, in AddressKey from) => from.IsIPv4
        ? ControlMessage.Write(
            control, SocketConstants.IPPROTO_IP, SocketConstants.IP_PKTINFO,
            new PacketInfo4 { Local = BinaryPrimitives.ReverseEndianness((uint)from.Address) })
        : ControlMessage.Write(
            control, SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_PKTINFO,
            new PacketInfo6
            {
                High = BinaryPrimitives.ReverseEndianness((ulong)(from.Address >> 64)),
                Low = BinaryPrimitives.ReverseEndianness((ulong)from.Address),
            });
}
