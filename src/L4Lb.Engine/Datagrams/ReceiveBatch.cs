using System.Buffers.Binary;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>Room for some datagrams, of any size, to be received by one call. Shard thread only.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    private const int SlotBytes = 64 * 1024;

    // Beginnings that are a power of two apart would all lie in the same sets of the caches.
    private const int StrideBytes = SlotBytes + 192;

    // A local address and a segment size.
    private const int ControlBytes = 64;

    private const int NameBytes = 32;

    private readonly NativeBuffer _memory;
    private readonly DatagramHeader* _headers;
    private readonly byte* _data;

    /// <param name="slots">Most datagrams at once; one that comes as several in a row counts as one.</param>
    /// <param name="named">Whether senders are asked for, which a connected socket need not be.</param>
    internal ReceiveBatch(int slots, bool named)
    {
        Slots = slots;
        var perSlot = sizeof(DatagramHeader) + sizeof(IoVector) + NameBytes + ControlBytes;
        _memory = new NativeBuffer(slots * (perSlot + StrideBytes));
        _headers = (DatagramHeader*)_memory.Pointer;
        var vectors = (IoVector*)(_headers + slots);
        var names = (byte*)(vectors + slots);
        var controls = names + (slots * NameBytes);
        _data = controls + (slots * ControlBytes);
        for (var i = 0; i < slots; i++)
        {
            vectors[i] = new IoVector { Data = _data + (i * StrideBytes), Length = SlotBytes };
            _headers[i] = new DatagramHeader
            {
                Name = named ? (SocketAddress*)(names + (i * NameBytes)) : null,
                Vectors = vectors + i,
                VectorCount = 1,
                Control = controls + (i * ControlBytes),
            };
        }
    }

    /// <summary>Most datagrams that it holds.</summary>
    internal int Slots { get; }

    /// <summary>Receives into <paramref name="count"/> slots from <paramref name="first"/> on; the value is how many came.</summary>
    internal IoResult Receive(int fd, int first, int count)
    {
        for (var header = _headers + first; header < _headers + first + count; header++)
        {
            header->NameLength = header->Name is null ? 0u : SocketAddress.MaxLength;
            header->ControlLength = ControlBytes;
        }

        return DatagramIo.Receive(fd, _headers + first, count);
    }

    /// <summary>The content of a slot, valid until it is received into again.</summary>
    internal Datagram this[int slot]
    {
        get
        {
            var header = _headers + slot;
            var segment = ControlMessage.Find(header->Control, header->ControlLength, SocketConstants.IPPROTO_UDP, SocketConstants.UDP_GRO);
            var length = (int)header->Length;
            return new Datagram(_data + (slot * StrideBytes), length, segment is null ? length : *(int*)segment);
        }
    }

    /// <summary>The datagram was larger than the slot.</summary>
    internal bool IsTruncated(int slot) => (_headers[slot].Flags & SocketConstants.MSG_TRUNC) != 0;

    /// <summary>Who sent it.</summary>
    internal ref readonly SocketAddress From(int slot) => ref *_headers[slot].Name;

    /// <summary>The local address that it was sent to, where the socket tells; else <paramref name="otherwise"/>.</summary>
    internal AddressKey To(int slot, in AddressKey otherwise)
    {
        var header = _headers + slot;
        var info4 = (PacketInfo4*)ControlMessage.Find(
            header->Control, header->ControlLength, SocketConstants.IPPROTO_IP, SocketConstants.IP_PKTINFO);
        if (info4 is not null)
        {
            return AddressKey.FromIPv4(BinaryPrimitives.ReverseEndianness(info4->Local), otherwise.Port);
        }

        var info6 = (PacketInfo6*)ControlMessage.Find(
            header->Control, header->ControlLength, SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_PKTINFO);
        if (info6 is null)
        {
            return otherwise;
        }

        var (high, low) = (BinaryPrimitives.ReverseEndianness(info6->High), BinaryPrimitives.ReverseEndianness(info6->Low));
        return new AddressKey(new UInt128(high, low), otherwise.Port);
    }

    public void Dispose() => _memory.Dispose();
}
