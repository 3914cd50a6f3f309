using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>
/// The PROXY protocol header of a connection that stands for no client (proxy-protocol.txt §2.1 UNKNOWN, §2.2 LOCAL): the
/// one place where probes get theirs from.
/// </summary>
internal static class ProxyPrefix
{
    private static readonly byte[] s_v1 = [.. "PROXY UNKNOWN\r\n"u8];

    // Signature, version 2 and command LOCAL, no family, no addresses.
    private static readonly byte[] s_v2 = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0x00, 0x00, 0x00];

    internal static ReadOnlyMemory<byte> Of(ProxyProtocolVersion version) => version switch
    {
        ProxyProtocolVersion.V1 => s_v1,
        ProxyProtocolVersion.V2 => s_v2,
        _ => default,
    };
}
