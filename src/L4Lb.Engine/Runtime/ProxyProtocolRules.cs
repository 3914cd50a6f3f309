using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;

namespace L4Lb.Engine.Runtime;

/// <summary>What a service asks of the PROXY protocol, as its sessions read it. Immutable.</summary>
internal sealed class ProxyProtocolRules
{
    private readonly bool _accepts;
    private readonly AddressRanges _trusted;

    private ProxyProtocolRules(ProxyProtocolSpec spec)
    {
        Send = spec.Send;
        HeaderTimeoutMs = (long)Math.Ceiling(spec.HeaderTimeout.TotalMilliseconds);
        _accepts = spec.Accept;
        _trusted = new AddressRanges(spec.TrustedSources);
    }

    /// <summary>The version of the header that a backend is sent first.</summary>
    internal ProxyProtocolVersion Send { get; }

    /// <summary>Time from accept until a client's header must be complete, in milliseconds.</summary>
    internal long HeaderTimeoutMs { get; }

    /// <summary>The rules of <paramref name="spec"/>; null when it asks for nothing.</summary>
    internal static ProxyProtocolRules? From(ProxyProtocolSpec spec) =>
        spec.Accept || spec.Send != ProxyProtocolVersion.None ? new ProxyProtocolRules(spec) : null;

    /// <summary>
    /// Whether a connection from <paramref name="peer"/> must begin with a header. Never guessed from its bytes: whoever
    /// is not trusted could then choose its own address.
    /// </summary>
    internal bool Expects(in AddressKey peer) => _accepts && (_trusted.IsEmpty || _trusted.Contains(peer));
}
