namespace L4Lb.Engine.Interop;

/// <summary>A network interface as it is now.</summary>
/// <param name="Index">Its number; another one when it was removed and made again.</param>
/// <param name="Type">What is at the other end.</param>
/// <param name="Flags">What it is ready for.</param>
public sealed record Link(int Index, LinkType Type, LinkFlags Flags)
{
    /// <summary>Its own address on the wire; the default value when it has none of six bytes.</summary>
    public HardwareAddress Hardware { get; init; }

    /// <summary>How often the carrier came or went: tells that it was away for a moment.</summary>
    public uint CarrierChanges { get; init; }

    /// <summary>Whether an administrator wants it, and somebody is at the other end.</summary>
    public bool IsUp => Flags.HasFlag(LinkFlags.Up | LinkFlags.LowerUp);
}

/// <summary>Kinds of network interface; the ARPHRD_ values of Linux' <c>if_arp.h</c> that matter here.</summary>
public enum LinkType
{
    /// <summary>ARPHRD_NETROM, which nobody has: none.</summary>
    None = 0,

    /// <summary>ARPHRD_ETHER: has hardware addresses of six bytes, and neighbours.</summary>
    Ethernet = 1,

    /// <summary>ARPHRD_LOOPBACK.</summary>
    Loopback = 772,
}

/// <summary>The IFF_ values of Linux' <c>if.h</c> that matter here.</summary>
[Flags]
public enum LinkFlags
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>IFF_UP: an administrator wants it.</summary>
    Up = 1,

    /// <summary>IFF_LOWER_UP: there is a carrier.</summary>
    LowerUp = 0x10000,
}
