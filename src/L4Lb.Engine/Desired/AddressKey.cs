using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.Engine.Desired;

/// <summary>
/// An IP address and port as one comparable value without references: the key of tables on a connection's way.
/// IPv4 is held in its IPv4-mapped IPv6 form, so one table serves both families.
/// </summary>
/// <param name="Address">The address, most significant byte first; IPv4 as <c>::ffff:a.b.c.d</c>.</param>
/// <param name="Port">The port.</param>
public readonly record struct AddressKey(UInt128 Address, ushort Port)
{
    private static readonly UInt128 s_mappedPrefix = new(0, 0xFFFF_0000_0000);

    /// <summary>Whether the address is IPv4.</summary>
    public bool IsIPv4 => Address >> 32 == s_mappedPrefix >> 32;

    /// <summary>The key of <paramref name="endPoint"/>.</summary>
    public static AddressKey From(IPEndPoint endPoint) => From(endPoint.Address, endPoint.Port);

    /// <summary>The key of <paramref name="address"/> and <paramref name="port"/>.</summary>
    public static AddressKey From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes[..4], out _);
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port);
        }

        address.TryWriteBytes(bytes, out _);
        return new AddressKey(BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)port);
    }

    /// <summary>The key of an IPv4 address given in host byte order.</summary>
    public static AddressKey FromIPv4(uint address, ushort port) => new(s_mappedPrefix | address, port);

    /// <summary>The address as an object; allocates, so not for a connection's way.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
    }

    /// <summary>Address and port as an object; allocates, so not for a connection's way.</summary>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    /// <inheritdoc/>
    public override string ToString() => ToIPEndPoint().ToString();
}
