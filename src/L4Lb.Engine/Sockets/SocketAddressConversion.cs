using System.Buffers.Binary;
using System.Runtime.InteropServices;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Sockets;

/// <summary>Between our addresses and the kernel's.</summary>
internal static class SocketAddressConversion
{
    internal static SocketAddress ToSocketAddress(this in AddressKey key)
    {
        var address = default(SocketAddress);
        var bytes = address.Bytes;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], key.Port);
        if (key.IsIPv4)
        {
            MemoryMarshal.Write(bytes, (ushort)SocketConstants.AF_INET);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)key.Address);
        }
        else
        {
            MemoryMarshal.Write(bytes, (ushort)SocketConstants.AF_INET6);
            BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], key.Address);
        }

        return address;
    }

    internal static AddressKey ToKey(this SocketAddress address)
    {
        ReadOnlySpan<byte> bytes = address.Bytes;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return address.Family == SocketConstants.AF_INET
            ? AddressKey.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new AddressKey(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port);
    }
}
