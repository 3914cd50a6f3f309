using System.Buffers.Binary;

namespace L4Lb.Lab.Live;

/// <summary>
/// What a client of the lab sends, and what the answer begins with: four bytes that tell it from anything else, the place of the
/// request in the generator, and its number, little-endian. Pure.
/// </summary>
/// <param name="Slot">Place in the generator.</param>
/// <param name="Number">Number of the request, which tells it from others that had the place.</param>
internal readonly record struct LiveMessage(int Slot, long Number)
{
    /// <summary>Bytes of a request.</summary>
    internal const int Length = 16;

    private const uint Mark = 0x624C_344C; // "L4Lb"

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Slot);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Number);
    }

    /// <summary>What <paramref name="bytes"/> begin with; null when that is no message of the lab's.</summary>
    internal static LiveMessage? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Mark
            ? new LiveMessage(BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]))
            : null;
}
