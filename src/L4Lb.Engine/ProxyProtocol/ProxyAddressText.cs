using System.Buffers.Binary;
using System.Globalization;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>
/// Addresses and ports as the line of version 1 has them. Stricter than <see cref="System.Net.IPAddress"/>, which takes
/// octal numbers, brackets and zones, and without allocating. Pure.
/// </summary>
internal static class ProxyAddressText
{
    /// <summary>Most bytes of an address: IPv6 without a double colon.</summary>
    internal const int MostBytes = 39;

    private const int Words = 8;

    /// <summary>Reads an address of the family that the line announced; its port is 0.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, bool isIPv4, out AddressKey address)
    {
        if (isIPv4)
        {
            var isValid = TryParseIPv4(text, out var value);
            address = AddressKey.FromIPv4(value, 0);
            return isValid;
        }

        address = default;
        return TryParseIPv6(text, out address);
    }

    /// <summary>Reads a port: digits, no zero before others, at most 65535.</summary>
    internal static bool TryParsePort(ReadOnlySpan<byte> text, out ushort port)
    {
        var isValid = TryParseNumber(text, mostDigits: 5, ushort.MaxValue, out var value);
        port = (ushort)value;
        return isValid;
    }

    /// <summary>
    /// Writes an address and returns its length. IPv6 as RFC 5952 has it; <paramref name="asIPv6"/> writes IPv4 in its
    /// mapped form.
    /// </summary>
    internal static int Write(Span<byte> target, in AddressKey address, bool asIPv6)
    {
        if (!address.IsIPv4)
        {
            return WriteIPv6(target, address);
        }

        var mapped = asIPv6 ? "::ffff:"u8 : default;
        mapped.CopyTo(target);
        return mapped.Length + WriteIPv4(target[mapped.Length..], (uint)address.Address);
    }

    /// <summary>Writes a number and returns its length.</summary>
    internal static int WriteNumber(Span<byte> target, int number)
    {
        number.TryFormat(target, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var i = 0; i < 4; i++)
        {
            var dot = i < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (dot < 0 || !TryParseNumber(text[..dot], mostDigits: 3, byte.MaxValue, out var octet))
            {
                return false;
            }

            address = (address << 8) | octet;
            text = i < 3 ? text[(dot + 1)..] : default;
        }

        return true;
    }

    /// <summary>RFC 4291, 2.2: words of one to four digits, one "::" for one or more words of zero, IPv4 for the last two.</summary>
    private static bool TryParseIPv6(ReadOnlySpan<byte> text, out AddressKey address)
    {
        Span<ushort> words = stackalloc ushort[Words];
        address = default;
        var (count, gap) = (0, -1);
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            var colon = text.IndexOf((byte)':');
            var word = colon < 0 ? text : text[..colon];
            if (colon < 0 && count <= Words - 2 && TryParseIPv4(word, out var last))
            {
                (words[count], words[count + 1]) = ((ushort)(last >> 16), (ushort)last);
                count += 2;
                break;
            }

            if (count == Words || !TryParseWord(word, out words[count]))
            {
                return false;
            }

            count++;
            text = colon < 0 ? default : text[(colon + 1)..];
            if (colon < 0)
            {
                break;
            }

            if (text.StartsWith(":"u8))
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                text = text[1..];
            }
            else if (text.IsEmpty)
            {
                return false;
            }
        }

        if (gap < 0 ? count != Words : count >= Words)
        {
            return false;
        }

        if (gap >= 0)
        {
            words[gap..count].CopyTo(words[(Words - (count - gap))..]);
            words[gap..(Words - (count - gap))].Clear();
        }

        foreach (var value in words)
        {
            address = address with { Address = (address.Address << 16) | value };
        }

        return true;
    }

    private static bool TryParseWord(ReadOnlySpan<byte> text, out ushort word)
    {
        word = 0;
        if (text.Length is 0 or > 4)
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            word = (ushort)((word << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10));
        }

        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, int mostDigits, uint most, out uint number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > mostDigits || (text[0] == '0' && text.Length > 1))
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return number <= most;
    }

    private static int WriteIPv4(Span<byte> target, uint address)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            length += WriteNumber(target[length..], (byte)(address >> shift));
            if (shift > 0)
            {
                target[length++] = (byte)'.';
            }
        }

        return length;
    }

    private static int WriteIPv6(Span<byte> target, in AddressKey address)
    {
        Span<byte> bytes = stackalloc byte[2 * Words];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Address);
        var (gap, gapWords) = LongestGap(bytes);
        var length = 0;
        for (var i = 0; i < Words; i++)
        {
            if (i == gap)
            {
                "::"u8.CopyTo(target[length..]);
                length += 2;
                i += gapWords - 1;
                continue;
            }

            if (i > 0 && i != gap + gapWords)
            {
                target[length++] = (byte)':';
            }

            BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]).TryFormat(
                target[length..], out var digits, "x", CultureInfo.InvariantCulture);
            length += digits;
        }

        return length;
    }

    /// <summary>The first of the longest runs of at least two words of zero; (-1, 0) when there is none.</summary>
    private static (int Start, int Words) LongestGap(ReadOnlySpan<byte> bytes)
    {
        var (best, most) = (-1, 0);
        for (var (i, run) = (0, 0); i < Words; i++)
        {
            run = bytes[2 * i] == 0 && bytes[(2 * i) + 1] == 0 ? run + 1 : 0;
            if (run > Math.Max(most, 1))
            {
                (best, most) = (i - run + 1, run);
            }
        }

        return (best, most);
    }
}
