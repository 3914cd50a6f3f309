using System.Buffers.Binary;
using System.Numerics;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// XXH64 of short texts (Collet: "xxHash fast digest algorithm", specification 0.1.1), which Envoy names its hosts by. Only
/// for tables that are compiled, and for inputs of less than 2^31 bytes.
/// </summary>
internal static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    internal static ulong Of(ReadOnlySpan<byte> input, ulong seed = 0)
    {
        unchecked
        {
            var rest = input;
            var hash = (input.Length < 32 ? seed + Prime5 : Stripes(ref rest, seed)) + (ulong)input.Length;
            for (; rest.Length >= 8; rest = rest[8..])
            {
                hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
            }

            if (rest.Length >= 4)
            {
                hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
                hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
                rest = rest[4..];
            }

            foreach (var single in rest)
            {
                hash = BitOperations.RotateLeft(hash ^ (single * Prime5), 11) * Prime1;
            }

            return Avalanche(hash);
        }
    }

    /// <summary>The final mix: every bit of the input decides about every bit of the output.</summary>
    internal static ulong Avalanche(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong Stripes(ref ReadOnlySpan<byte> rest, ulong seed)
    {
        unchecked
        {
            ulong[] lanes = [seed + Prime1 + Prime2, seed + Prime2, seed, seed - Prime1];
            for (; rest.Length >= 32; rest = rest[32..])
            {
                for (var i = 0; i < lanes.Length; i++)
                {
                    lanes[i] = Round(lanes[i], BinaryPrimitives.ReadUInt64LittleEndian(rest[(8 * i)..]));
                }
            }

            var hash = BitOperations.RotateLeft(lanes[0], 1) + BitOperations.RotateLeft(lanes[1], 7)
                + BitOperations.RotateLeft(lanes[2], 12) + BitOperations.RotateLeft(lanes[3], 18);
            foreach (var lane in lanes)
            {
                hash = ((hash ^ Round(0, lane)) * Prime1) + Prime4;
            }

            return hash;
        }
    }

    private static ulong Round(ulong lane, ulong input) =>
        unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);
}
