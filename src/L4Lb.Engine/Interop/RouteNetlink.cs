using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using static L4Lb.Engine.Interop.NetlinkNative;

namespace L4Lb.Engine.Interop;

/// <summary>
/// Network interfaces and their addresses, by the kernel's rtnetlink(7). Every call is one short conversation on a
/// socket of its own. Results are errno values, 0 for done. Thread-safe.
/// </summary>
public static unsafe class RouteNetlink
{
    private const ushort NewLink = 16;
    private const ushort GetLink = 18;
    private const ushort NewAddress = 20;
    private const ushort RemovedAddress = 21;
    private const ushort GetAddress = 22;
    private const ushort ErrorMessage = 2;
    private const ushort DoneMessage = 3;

    private const ushort Request = 1;
    private const ushort Acknowledge = 4;
    private const ushort Dump = 0x300;
    private const ushort CreateExclusively = 0x600;
    private const ushort CreateOrReplace = 0x500;

    private const ushort AttributeAddress = 1;
    private const ushort AttributeLocal = 2;
    private const ushort AttributeLifetime = 6;
    private const ushort AttributeFlags = 8;
    private const ushort AttributeCarrierChanges = 35;

    /// <summary>IFA_F_NODAD: bound at once; whoever else has the address is asked by those who announce it.</summary>
    private const uint NoDuplicateDetection = 0x02;

    /// <summary>IFA_F_PERMANENT: it has no end.</summary>
    private const uint Permanent = 0x80;

    /// <summary>IFA_F_NOPREFIXROUTE: a host address has no network that could be reached by it.</summary>
    private const uint NoPrefixRoute = 0x200;

    private const int HeaderBytes = 16;
    private const int AddressMessageBytes = 8;
    private const int LinkMessageBytes = 16;
    private const int LifetimeBytes = 16;
    private const int AttributeHeaderBytes = 4;

    /// <summary>The kernel puts at most 32 KiB into one part of a dump.</summary>
    private const int ReceiveBytes = 64 * 1024;

    /// <summary>Adds <paramref name="address"/>; EEXIST (17) when the interface has it already.</summary>
    public static int AddAddress(string iface, IPAddress address, int prefixLength) =>
        Change(NewAddress, Request | Acknowledge | CreateExclusively, iface, address, prefixLength, null);

    /// <summary>
    /// Adds <paramref name="address"/>, or gives the one that is there another lifetime. It is never chosen as the
    /// source of connections that leave this machine where the kernel has a choice (deprecated, RFC 6724 rule 3).
    /// </summary>
    /// <param name="iface">Name of the interface.</param>
    /// <param name="address">The address.</param>
    /// <param name="prefixLength">Length of its network prefix.</param>
    /// <param name="lifetimeSeconds">
    /// Time after which the kernel removes it by itself, unless it is put again before. Measured (Linux 6.18): it goes
    /// 30 to 400 ms after that time, never before.
    /// </param>
    public static int PutAddress(string iface, IPAddress address, int prefixLength, int lifetimeSeconds) =>
        Change(NewAddress, Request | Acknowledge | CreateOrReplace, iface, address, prefixLength, lifetimeSeconds);

    /// <summary>Removes <paramref name="address"/>; EADDRNOTAVAIL (99) when the interface does not have it.</summary>
    public static int RemoveAddress(string iface, IPAddress address, int prefixLength) =>
        Change(RemovedAddress, Request | Acknowledge, iface, address, prefixLength, null);

    /// <summary>Adds every address of <paramref name="iface"/> to <paramref name="addresses"/>.</summary>
    public static int ListAddresses(string iface, ICollection<InterfaceAddress> addresses)
    {
        var index = IndexOf(iface);
        if (index == 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        Span<byte> request = stackalloc byte[HeaderBytes + AddressMessageBytes];
        WriteHeader(request, GetAddress, Request | Dump);
        return Converse(request, (type, body) =>
        {
            if (type == NewAddress && MemoryMarshal.Read<AddressMessage>(body) is var message && message.InterfaceIndex == index
                && ReadAddress(body[AddressMessageBytes..]) is { } address)
            {
                addresses.Add(new InterfaceAddress(address, message.PrefixLength, (message.Flags & Permanent) != 0));
            }
        });
    }

    /// <summary>Reads what <paramref name="iface"/> is; ENODEV (19) when there is none of that name.</summary>
    public static int ReadLink(string iface, out Link? link)
    {
        link = null;
        var index = IndexOf(iface);
        if (index == 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        Span<byte> request = stackalloc byte[HeaderBytes + LinkMessageBytes];
        WriteHeader(request, GetLink, Request | Acknowledge);
        MemoryMarshal.Write(request[HeaderBytes..], new LinkMessage { Index = (int)index });
        Link? found = null;
        var errno = Converse(request, (type, body) =>
        {
            if (type == NewLink && MemoryMarshal.Read<LinkMessage>(body) is var message)
            {
                found = new Link(message.Index, (LinkType)message.Type, (LinkFlags)message.Flags)
                {
                    Hardware = Find(body[LinkMessageBytes..], AttributeAddress) is { Length: HardwareAddress.Size } hardware
                        ? HardwareAddress.Read(hardware)
                        : default,
                    CarrierChanges = Find(body[LinkMessageBytes..], AttributeCarrierChanges) is { Length: sizeof(uint) } changes
                        ? MemoryMarshal.Read<uint>(changes)
                        : 0,
                };
            }
        });
        link = found;
        return errno;
    }

    private static int Change(ushort type, ushort flags, string iface, IPAddress address, int prefixLength, int? lifetimeSeconds)
    {
        var index = IndexOf(iface);
        if (index == 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var addressBytes = isIPv6 ? 16 : 4;
        var attributeBytes = AttributeHeaderBytes + addressBytes;
        var lifetimeBytes = lifetimeSeconds is null ? 0 : AttributeHeaderBytes + LifetimeBytes;
        var messageBytes = HeaderBytes + AddressMessageBytes + (2 * attributeBytes) + AttributeHeaderBytes + sizeof(uint) + lifetimeBytes;
        Span<byte> request = stackalloc byte[messageBytes];
        WriteHeader(request, type, flags);
        MemoryMarshal.Write(request[HeaderBytes..], new AddressMessage
        {
            Family = (byte)(isIPv6 ? 10 : 2), // Linux' AF_INET6 and AF_INET, which .NET numbers differently.
            PrefixLength = (byte)prefixLength,
            InterfaceIndex = index,
        });

        // IPv4 needs both: the address of this end and, equal to it, that of the network.
        var attributes = request[(HeaderBytes + AddressMessageBytes)..];
        address.TryWriteBytes(Attribute(ref attributes, AttributeLocal, addressBytes), out _);
        address.TryWriteBytes(Attribute(ref attributes, AttributeAddress, addressBytes), out _);
        MemoryMarshal.Write(Attribute(ref attributes, AttributeFlags, sizeof(uint)), NoPrefixRoute | (isIPv6 ? NoDuplicateDetection : 0));
        if (lifetimeSeconds is { } seconds)
        {
            MemoryMarshal.Write(
                Attribute(ref attributes, AttributeLifetime, LifetimeBytes), new AddressLifetime { Preferred = 0, Valid = (uint)seconds });
        }

        return Converse(request, static (_, _) => { });
    }

    private static uint IndexOf(string iface)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(iface + '\0'))
        {
            return InterfaceIndex(name);
        }
    }

    private static void WriteHeader(Span<byte> request, ushort type, ushort flags) =>
        MemoryMarshal.Write(request, new MessageHeader { Length = (uint)request.Length, Type = type, Flags = flags, Sequence = 1 });

    /// <summary>Writes the header of an attribute; returns where its value goes, and moves on.</summary>
    private static Span<byte> Attribute(ref Span<byte> rest, ushort type, int valueBytes)
    {
        MemoryMarshal.Write(rest, new AttributeHeader { Length = (ushort)(AttributeHeaderBytes + valueBytes), Type = type });
        var value = rest[AttributeHeaderBytes..(AttributeHeaderBytes + valueBytes)];
        rest = rest[Align(AttributeHeaderBytes + valueBytes)..];
        return value;
    }

    /// <summary>IFA_LOCAL, or IFA_ADDRESS where that is missing: they differ on point-to-point links alone.</summary>
    private static IPAddress? ReadAddress(ReadOnlySpan<byte> attributes) =>
        (Find(attributes, AttributeLocal) is { IsEmpty: false } local ? local : Find(attributes, AttributeAddress))
            is { IsEmpty: false } value
            ? new IPAddress(value)
            : null;

    /// <summary>The value of the attribute; empty when it is not there.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (attributes.Length >= AttributeHeaderBytes)
        {
            var header = MemoryMarshal.Read<AttributeHeader>(attributes);
            if (header.Length < AttributeHeaderBytes || header.Length > attributes.Length)
            {
                break;
            }

            if (header.Type == type)
            {
                return attributes[AttributeHeaderBytes..header.Length];
            }

            attributes = attributes[Math.Min(Align(header.Length), attributes.Length)..];
        }

        return [];
    }

    /// <summary>Sends <paramref name="request"/> and reads messages until the kernel says that it is done.</summary>
    private static int Converse(ReadOnlySpan<byte> request, MessageHandler handle)
    {
        var socket = Socket(AddressFamilyNetlink, SocketRaw | SocketCloseOnExec, NetlinkRoute);
        if (socket < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            fixed (byte* bytes = request)
            {
                if (Send(socket, bytes, (nuint)request.Length, 0) < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }
            }

            var buffer = GC.AllocateUninitializedArray<byte>(ReceiveBytes);
            while (true)
            {
                var received = ReceiveInto(socket, buffer);
                if (received < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                if (Handle(buffer.AsSpan(0, received), handle) is { } errno)
                {
                    return errno;
                }
            }
        }
        finally
        {
            _ = Close(socket);
        }
    }

    private static int ReceiveInto(int socket, byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint received;
            do
            {
                received = Receive(socket, bytes, (nuint)buffer.Length, 0);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == ErrorInterrupted);

            return (int)received;
        }
    }

    /// <summary>Hands every message on; the errno that ends the conversation, or null when more is to come.</summary>
    private static int? Handle(ReadOnlySpan<byte> messages, MessageHandler handle)
    {
        while (messages.Length >= HeaderBytes)
        {
            var header = MemoryMarshal.Read<MessageHeader>(messages);
            if (header.Length < HeaderBytes || header.Length > messages.Length)
            {
                break;
            }

            var body = messages[HeaderBytes..(int)header.Length];
            switch (header.Type)
            {
                case ErrorMessage:
                    return -MemoryMarshal.Read<int>(body);
                case DoneMessage:
                    return 0;
                default:
                    handle(header.Type, body);
                    break;
            }

            messages = messages[Math.Min(Align((int)header.Length), messages.Length)..];
        }

        return null;
    }

    private static int Align(int length) => (length + 3) & ~3;

    private delegate void MessageHandler(ushort type, ReadOnlySpan<byte> body);
}

/// <summary>An address of an interface.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Length of its network prefix.</param>
/// <param name="IsPermanent">Whether it stays until somebody removes it.</param>
public readonly record struct InterfaceAddress(IPAddress Address, int PrefixLength, bool IsPermanent);
