using System.Runtime.InteropServices;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>
/// Datagrams for one system call, in native memory: message headers with an address, a payload and room for one control
/// message each. Nothing is allocated after the constructor. One thread at a time.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Room for one control message with up to 16 bytes of data.</summary>
    private const int ControlRoom = 32;

    private readonly MultiMessage* _messages;
    private readonly IoVector* _vectors;
    private readonly InternetAddress* _addresses;
    private readonly byte* _controls;
    private readonly byte* _payloads;
    private readonly int _payloadRoom;

    public DatagramBatch(int count, int payloadRoom)
    {
        Count = count;
        _payloadRoom = payloadRoom;
        _messages = (MultiMessage*)Allocate(count, sizeof(MultiMessage));
        _vectors = (IoVector*)Allocate(count, sizeof(IoVector));
        _addresses = (InternetAddress*)Allocate(count, sizeof(InternetAddress));
        _controls = Allocate(count, ControlRoom);
        _payloads = Allocate(count, payloadRoom);
        for (var i = 0; i < count; i++)
        {
            _vectors[i] = new IoVector { Start = Payload(i), Length = (nuint)payloadRoom };
            _messages[i].Vectors = _vectors + i;
            _messages[i].VectorCount = 1;
        }
    }

    /// <summary>How many datagrams fit.</summary>
    public int Count { get; }

    /// <summary>The headers, as the kernel takes them.</summary>
    public MultiMessage* Messages => _messages;

    public byte* Payload(int index) => _payloads + ((nint)index * _payloadRoom);

    /// <summary>Bytes of a datagram that came; with MSG_TRUNC also those that had no room.</summary>
    public int Length(int index) => (int)_messages[index].Length;

    /// <summary>Where a datagram came from.</summary>
    public ref readonly InternetAddress From(int index) => ref _addresses[index];

    /// <summary>Makes the first <paramref name="count"/> ready to be received into, with their senders' addresses.</summary>
    public void Empty(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _vectors[i].Length = (nuint)_payloadRoom;
            _messages[i].Name = _addresses + i;
            _messages[i].NameLength = InternetAddress.Bytes;
            _messages[i].Control = _controls + (i * ControlRoom);
            _messages[i].ControlLength = ControlRoom;
        }
    }

    /// <summary>Makes the first <paramref name="count"/>, which were received, ready to go back to where they came from.</summary>
    public void TurnBack(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _vectors[i].Length = _messages[i].Length;
            _messages[i].ControlLength = 0;
        }
    }

    /// <summary>Sends all to <paramref name="target"/>, each with a control message that chooses its source address.</summary>
    public void AimAt(in InternetAddress target)
    {
        for (var i = 0; i < Count; i++)
        {
            _addresses[i] = target;
            _messages[i].Name = _addresses + i;
            _messages[i].NameLength = InternetAddress.Bytes;
            _messages[i].Control = _controls + (i * ControlRoom);
            _messages[i].ControlLength = ControlRoom;
            *(ControlHeader*)_messages[i].Control = new ControlHeader
            {
                Length = ControlHeader.Bytes + PacketInfo.Bytes,
                Level = Constants.IPPROTO_IP,
                Type = Constants.IP_PKTINFO,
            };
        }
    }

    /// <summary>The source address of a datagram, in network order; after <see cref="AimAt"/>.</summary>
    public void SetSource(int index, uint address) =>
        ((PacketInfo*)(_messages[index].Control + ControlHeader.Bytes))->Source = address;

    /// <summary>How many datagrams UDP_GRO made one of.</summary>
    public int Segments(int index)
    {
        var control = (ControlHeader*)_messages[index].Control;
        return _messages[index].ControlLength > ControlHeader.Bytes
            && control->Level == Constants.SOL_UDP && control->Type == Constants.UDP_GRO && *(int*)(control + 1) is > 0 and var size
            ? (Length(index) + size - 1) / size
            : 1;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_messages);
        NativeMemory.AlignedFree(_vectors);
        NativeMemory.AlignedFree(_addresses);
        NativeMemory.AlignedFree(_controls);
        NativeMemory.AlignedFree(_payloads);
    }

    private static byte* Allocate(int count, int bytes)
    {
        var size = (nuint)count * (nuint)bytes;
        var memory = NativeMemory.AlignedAlloc(size, 64);
        NativeMemory.Clear(memory, size);
        return (byte*)memory;
    }
}
