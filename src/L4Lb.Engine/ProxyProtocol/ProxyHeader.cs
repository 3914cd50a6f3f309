using L4Lb.Engine.Desired;

namespace L4Lb.Engine.ProxyProtocol;

/// <summary>
/// What a PROXY protocol header says (haproxy.org, proxy-protocol.txt, 2020/03/05): whose connection the bytes after it are.
/// </summary>
internal readonly record struct ProxyHeader
{
    /// <summary>Most bytes of a line of version 1, CR LF included; the specification's own figure (2.1).</summary>
    internal const int MostBytesV1 = 107;

    /// <summary>
    /// Most bytes of a header of version 2 that is read. Its length field allows 65,551, but a header is meant to fit
    /// into the smallest segment (536) and no sender fills it with more than a certificate's name; nginx has the same bound.
    /// </summary>
    internal const int MostBytesV2 = 4096;

    private static readonly byte[] s_localV1 = [.. "PROXY UNKNOWN\r\n"u8];
    private static readonly byte[] s_localV2 = [.. ProxyHeaderV2.Signature, ProxyHeaderV2.Version | ProxyHeaderV2.LocalCommand, 0, 0, 0];

    /// <summary>The version that it was read in.</summary>
    internal required ProxyProtocolVersion Version { get; init; }

    /// <summary>The sender speaks for itself (LOCAL), as health probes do: the connection's own addresses hold.</summary>
    internal bool IsLocal { get; init; }

    /// <summary>
    /// Between whom the connection was that is relayed; null when the header does not say (LOCAL, UNKNOWN, UNSPEC) or
    /// says something that is no TCP connection (UNIX sockets, datagrams). The connection's own addresses hold then.
    /// </summary>
    internal ProxyAddresses? Addresses { get; init; }

    /// <summary>
    /// The type-length-value vectors as they came, checked to be whole; version 2 only. See <see cref="ProxyTlvs"/>.
    /// </summary>
    internal EquatableArray<byte> Tlvs { get; init; }

    /// <summary>
    /// The whole header of a connection that its sender opened for itself, such as a health probe: LOCAL in version 2,
    /// UNKNOWN in version 1, nothing without one. The same bytes every time.
    /// </summary>
    internal static ReadOnlyMemory<byte> Local(ProxyProtocolVersion version) => version switch
    {
        ProxyProtocolVersion.V1 => s_localV1,
        ProxyProtocolVersion.V2 => s_localV2,
        _ => default,
    };
}

/// <summary>The ends of a TCP connection.</summary>
/// <param name="Source">Who opened it.</param>
/// <param name="Destination">Whom it addressed.</param>
internal readonly record struct ProxyAddresses(AddressKey Source, AddressKey Destination)
{
    /// <summary>Both are IPv4. A header has one family: of two, IPv4 goes as IPv4-mapped IPv6, as HAProxy sends it.</summary>
    internal bool AreIPv4 => Source.IsIPv4 && Destination.IsIPv4;
}
