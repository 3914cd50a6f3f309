namespace L4Lb.Engine.Scheduling;

/// <summary>The CRC-32 of zlib and Ethernet (ISO 3309), fed piece by piece. The framework's own lies in a package.</summary>
internal static class Crc32
{
    /// <summary>What to begin with.</summary>
    internal const uint Start = uint.MaxValue;

    private static readonly uint[] s_table = MakeTable();

    /// <summary>The state after some more bytes.</summary>
    internal static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var single in bytes)
        {
            state = s_table[(byte)(state ^ single)] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>The checksum, once all bytes were fed.</summary>
    internal static uint Finish(uint state) => ~state;

    private static uint[] MakeTable()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : Polynomial ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }
}
