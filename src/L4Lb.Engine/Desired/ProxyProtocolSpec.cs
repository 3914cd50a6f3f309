using System.Net;

namespace L4Lb.Engine.Desired;

/// <summary>PROXY protocol (haproxy.org, proxy-protocol.txt) on both sides of a service.</summary>
public sealed record ProxyProtocolSpec
{
    /// <summary>Neither sent nor read.</summary>
    public static ProxyProtocolSpec None { get; } = new();

    /// <summary>The version of the header that backends are sent first, also by health probes.</summary>
    public ProxyProtocolVersion Send { get; init; }

    /// <summary>Whether clients must send a header first, of either version; who does not is closed.</summary>
    public bool Accept { get; init; }

    /// <summary>Networks whose headers are believed; empty believes everybody. Others are served without a header.</summary>
    public EquatableArray<IPNetwork> TrustedSources { get; init; } = [];

    /// <summary>Time from accept until the header must be complete.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>Versions of the PROXY protocol.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>No header.</summary>
    None,

    /// <summary>The line of text.</summary>
    V1,

    /// <summary>The binary header.</summary>
    V2,
}
