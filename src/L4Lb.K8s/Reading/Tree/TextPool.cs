using System.Runtime.InteropServices;
using System.Text;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>
/// Gives the texts that come again and again (keys, protocols, names of nodes and zones) one string each: a list of 100,000
/// endpoints has a million of them. A table in which a newcomer takes the place of whoever had it, so it never grows, and so
/// that no lock is needed: a text that is lost is made again. Any thread.
/// </summary>
internal static class TextPool
{
    // A uid has 36 characters and never comes again.
    private const int MaxLength = 35;

    // Some hundred texts are frequent in a cluster, a few thousand with its nodes.
    private const int Slots = 8192;

    private static readonly string?[] s_slots = new string?[Slots];

    /// <summary>The text in <paramref name="utf8"/>, which holds no escapes.</summary>
    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref s_slots[Hash(utf8) % Slots];
        if (slot is { } known && Ascii.Equals(utf8, known))
        {
            return known;
        }

        var text = Encoding.UTF8.GetString(utf8);
        slot = text;
        return text;
    }

    // Eight bytes at a time; the constant is that of Fibonacci hashing, 2^64 divided by the golden ratio.
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)utf8.Length;
        for (; utf8.Length >= sizeof(ulong); utf8 = utf8[sizeof(ulong)..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(utf8)) * factor;
            hash ^= hash >> 32;
        }

        foreach (var b in utf8)
        {
            hash = (hash ^ b) * factor;
        }

        return (uint)(hash >> 40);
    }
}
