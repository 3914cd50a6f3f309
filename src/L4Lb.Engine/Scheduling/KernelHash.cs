using System.Numerics;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>The hashes of IPVS, bit by bit, so that a client lands where a Linux director would send it.</summary>
internal static class KernelHash
{
    /// <summary>
    /// Address and port as the one number that IPVS hashes: an IPv4 address, or the four words of an IPv6 address
    /// folded by exclusive or, plus the port.
    /// </summary>
    internal static uint Fold(in AddressKey key)
    {
        var (high, low) = ((ulong)(key.Address >> 64), (ulong)key.Address);
        var folded = key.IsIPv4 ? low : high ^ (high >> 32) ^ low ^ (low >> 32);
        return unchecked((uint)folded + key.Port);
    }

    /// <summary>
    /// Multiplicative hashing to <paramref name="bits"/> bits, hash_32 of Linux include/linux/hash.h. (Before 4.18, IPVS
    /// took the low bits of a product with 2654435761 instead, which know nothing of the address but its own low bits.)
    /// </summary>
    internal static int Multiplicative(uint value, int bits) => (int)(unchecked(value * 0x61C88647) >> (32 - bits));

    /// <summary>
    /// hsiphash_1u32 of Linux lib/siphash.c as 64-bit machines have it: the lower half of SipHash-1-3 of the number's
    /// four bytes.
    /// </summary>
    /// <param name="value">What is hashed.</param>
    /// <param name="key0">The first half of the key.</param>
    /// <param name="key1">The second half of the key.</param>
    internal static uint Sip(uint value, ulong key0, ulong key1)
    {
        // The length in bytes tops the last block; four bytes make that the only one.
        var block = (4UL << 56) | value;
        var (a, b) = (key0 ^ 0x736F6D6570736575, key1 ^ 0x646F72616E646F6D);
        var (c, d) = (key0 ^ 0x6C7967656E657261, key1 ^ 0x7465646279746573 ^ block);
        Round(ref a, ref b, ref c, ref d);
        a ^= block;
        c ^= 0xFF;
        Round(ref a, ref b, ref c, ref d);
        Round(ref a, ref b, ref c, ref d);
        Round(ref a, ref b, ref c, ref d);
        return unchecked((uint)(a ^ b ^ c ^ d));
    }

    private static void Round(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        unchecked
        {
            a += b;
            c += d;
            b = BitOperations.RotateLeft(b, 13) ^ a;
            d = BitOperations.RotateLeft(d, 16) ^ c;
            a = BitOperations.RotateLeft(a, 32) + d;
            c += b;
            d = BitOperations.RotateLeft(d, 21) ^ a;
            b = BitOperations.RotateLeft(b, 17) ^ c;
            c = BitOperations.RotateLeft(c, 32);
        }
    }
}
