using System.Globalization;

namespace L4Lb.Engine.Interop;

/// <summary>An Ethernet address, as a number of 48 bits whose first byte on the wire is the most significant.</summary>
/// <param name="Value">The number.</param>
public readonly record struct HardwareAddress(ulong Value)
{
    /// <summary>Bytes that it has on the wire.</summary>
    public const int Size = 6;

    /// <summary>Everybody on the segment.</summary>
    public static HardwareAddress Broadcast { get; } = new(0xFFFF_FFFF_FFFF);

    /// <summary>Reads the first six bytes.</summary>
    public static HardwareAddress Read(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var b in bytes[..Size])
        {
            value = (value << 8) | b;
        }

        return new HardwareAddress(value);
    }

    /// <summary>Writes the first six bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        for (var i = 0; i < Size; i++)
        {
            bytes[i] = (byte)(Value >> (8 * (Size - 1 - i)));
        }
    }

    /// <summary>As <c>02:00:5e:10:00:01</c>.</summary>
    public override string ToString()
    {
        var value = Value;
        return string.Join(':', Enumerable.Range(0, Size).Select(i =>
            ((byte)(value >> (8 * (Size - 1 - i)))).ToString("x2", CultureInfo.InvariantCulture)));
    }
}
