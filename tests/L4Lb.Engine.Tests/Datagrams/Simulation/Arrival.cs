using System.Buffers.Binary;
using System.Runtime.InteropServices;
using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>One datagram of a client as it got here. Its number is what its bytes, and those of its answers, begin with.</summary>
/// <param name="Client">Who sent it.</param>
/// <param name="Slot">The way that it came.</param>
/// <param name="Listener">The socket that was open there.</param>
/// <param name="Service">The service that it was for.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct Arrival(AddressKey Client, int Slot, DatagramListener Listener, Service Service, int Length)
{
    /// <summary>Least bytes of a datagram that can be told from others.</summary>
    internal const int LeastLength = 8;

    /// <summary>The number of a datagram; -1 for an empty one, which is like any other.</summary>
    internal static int NumberOf(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
        {
            return -1;
        }

        var number = BinaryPrimitives.ReadInt32LittleEndian(datagram);
        Assert.True(number == ~BinaryPrimitives.ReadInt32LittleEndian(datagram[4..]), "bytes that nobody sent");
        Assert.True(datagram.Length == LeastLength || datagram[^1] == (byte)number, "an end that nobody sent");
        return number;
    }

    /// <summary>Writes the bytes of a datagram.</summary>
    internal static void Write(Span<byte> datagram, int number)
    {
        if (!datagram.IsEmpty)
        {
            datagram[^1] = (byte)number;
            BinaryPrimitives.WriteInt32LittleEndian(datagram, number);
            BinaryPrimitives.WriteInt32LittleEndian(datagram[4..], ~number);
        }
    }
}

/// <summary>Where datagrams lie while a turn lasts; afterwards their bytes are gone, as in a receiver's buffer.</summary>
internal sealed unsafe class Arena(int size) : IDisposable
{
    private readonly byte* _bytes = (byte*)NativeMemory.Alloc((nuint)size);
    private int _used;

    internal bool HasRoom(int length) => _used + length <= size;

    internal byte* Take(int length)
    {
        var at = _bytes + _used;
        _used += length;
        return at;
    }

    internal void Clear()
    {
        new Span<byte>(_bytes, Math.Min(_used, 64 * 1024)).Fill(0xEE);
        _used = 0;
    }

    public void Dispose() => NativeMemory.Free(_bytes);
}
