using System.Buffers.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// An address as the text that other proxies hash: <c>192.0.2.1</c>, <c>2001:db8::1</c> (RFC 5952), with <c>:port</c> behind
/// it when there is a port. Allocates nothing.
/// </summary>
internal static class ClientText
{
    /// <summary>Longest text: eight groups of four digits with colons, and a port.</summary>
    internal const int MostBytes = 39 + 6;

    private const int Groups = 8;

    /// <summary>Writes the text; returns its length.</summary>
    /// <param name="key">Address and port.</param>
    /// <param name="text">At least <see cref="MostBytes"/> long.</param>
    internal static int Write(in AddressKey key, Span<byte> text)
    {
        var length = key.IsIPv4 ? WriteIPv4((uint)key.Address, text) : WriteIPv6(key.Address, text);
        if (key.Port > 0)
        {
            text[length++] = (byte)':';
            length += Number(key.Port, 'D', text[length..]);
        }

        return length;
    }

    private static int WriteIPv4(uint address, Span<byte> text)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            length += Number((address >> shift) & 0xFF, 'D', text[length..]);
            if (shift > 0)
            {
                text[length++] = (byte)'.';
            }
        }

        return length;
    }

    private static int WriteIPv6(UInt128 address, Span<byte> text)
    {
        var (zeros, zerosLength) = LongestZeros(address);
        var length = 0;
        for (var group = 0; group < Groups; group++)
        {
            if (group == zeros)
            {
                text[length++] = (byte)':';
                group += zerosLength - 1;
                if (group == Groups - 1)
                {
                    text[length++] = (byte)':';
                }

                continue;
            }

            if (group > 0)
            {
                text[length++] = (byte)':';
            }

            length += Number(Group(address, group), 'x', text[length..]);
        }

        return length;
    }

    /// <summary>The first longest run of at least two groups of zeros; none is at -1.</summary>
    private static (int Start, int Length) LongestZeros(UInt128 address)
    {
        var (best, bestLength) = (-1, 1);
        for (int start = 0, length = 0; start + length < Groups;)
        {
            if (Group(address, start + length) != 0)
            {
                (start, length) = (start + length + 1, 0);
            }
            else if (++length > bestLength)
            {
                (best, bestLength) = (start, length);
            }
        }

        return (best, bestLength);
    }

    private static uint Group(UInt128 address, int group) => (uint)(address >> (16 * (Groups - 1 - group))) & 0xFFFF;

    private static int Number(uint number, char format, Span<byte> text)
    {
        Utf8Formatter.TryFormat(number, text, out var written, format);
        return written;
    }
}
