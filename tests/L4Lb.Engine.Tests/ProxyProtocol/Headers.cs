using System.Buffers.Binary;
using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;

namespace L4Lb.Engine.Tests.ProxyProtocol;

/// <summary>Headers built by hand, byte by byte: the oracle that the code under test has no part in.</summary>
internal static class Headers
{
    internal static byte[] Text(string line) => Encoding.Latin1.GetBytes(line);

    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    internal static AddressKey Key(string endPoint) => AddressKey.From(IPEndPoint.Parse(endPoint));

    /// <summary>A header of version 2 with a length that is right.</summary>
    internal static byte[] V2(int versionAndCommand, int family, params byte[] block) => V2(versionAndCommand, family, block.Length, block);

    /// <summary>The same with any length.</summary>
    internal static byte[] V2(int versionAndCommand, int family, int length, byte[] block) =>
    [
        .. Hex("0d0a0d0a000d0a515549540a"), (byte)versionAndCommand, (byte)family, (byte)(length >> 8), (byte)length, .. block,
    ];

    /// <summary>192.0.2.1:40000 to 198.51.100.2:443 over TCP, and <paramref name="tlvs"/>.</summary>
    internal static byte[] V2Inet(params byte[] tlvs) => V2(0x21, 0x11, [.. Hex("c0000201 c6336402 9c40 01bb"), .. tlvs]);

    /// <summary>[2001:db8::1]:40000 to [2001:db8::2]:443 over TCP, and <paramref name="tlvs"/>.</summary>
    internal static byte[] V2Inet6(params byte[] tlvs) => V2(
        0x21, 0x21,
        [.. Hex("20010db8000000000000000000000001 20010db8000000000000000000000002 9c40 01bb"), .. tlvs]);

    internal static byte[] Tlv(int type, params byte[] value) =>
        [(byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>The header with the right checksum in its TLV of type 3, which has zeros until then.</summary>
    internal static byte[] WithChecksum(byte[] header)
    {
        var at = header.AsSpan().LastIndexOf(Tlv(3, 0, 0, 0, 0)) + 3;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(at), SlowCrc32C(header));
        return header;
    }

    internal static ProxyHeaderResult Read(byte[] bytes) => ProxyHeaderParser.Read(bytes);

    /// <summary>Bit by bit, from the polynomial 0x1EDC6F41 reversed.</summary>
    internal static uint SlowCrc32C(ReadOnlySpan<byte> bytes)
    {
        var state = uint.MaxValue;
        foreach (var value in bytes)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state & 1) != 0 ? (state >> 1) ^ 0x82F63B78 : state >> 1;
            }
        }

        return ~state;
    }
}
