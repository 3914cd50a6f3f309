using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>PROXY protocol headers as a client would make them, independent of the engine's own code.</summary>
internal static class ProxyHeaders
{
    internal static readonly byte[] LocalV2 = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0, 0, 0];

    internal static byte[] V1(IPEndPoint source, IPEndPoint destination) => Encoding.ASCII.GetBytes(
        $"PROXY TCP{(source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 4 : 6)} {source.Address} {destination.Address} {source.Port} {destination.Port}\r\n");

    internal static byte[] V2(IPEndPoint source, IPEndPoint destination, params byte[] tlvs)
    {
        byte[] addresses = [.. source.Address.GetAddressBytes(), .. destination.Address.GetAddressBytes()];
        var block = new byte[addresses.Length + 4];
        addresses.CopyTo(block, 0);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(addresses.Length), (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(addresses.Length + 2), (ushort)destination.Port);
        var length = block.Length + tlvs.Length;
        return
        [
            .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, (byte)(addresses.Length == 8 ? 0x11 : 0x21), (byte)(length >> 8), (byte)length,
            .. block, .. tlvs,
        ];
    }

    internal static byte[] Tlv(byte type, params byte[] value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
