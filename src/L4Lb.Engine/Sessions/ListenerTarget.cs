using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Sessions;

/// <summary>What a listener stands for: a service, and the rules of this way in. Immutable; replaced as a whole.</summary>
/// <param name="Service">The service whose sessions begin here.</param>
/// <param name="Listen">The way in.</param>
internal sealed record ListenerTarget(Service Service, ListenSpec Listen)
{
    private readonly AddressRanges _denied = new(Listen.DeniedRanges);
    private readonly AddressRanges _sources = new(Listen.SourceRanges);

    /// <summary>The address as a flow key holds it.</summary>
    internal AddressKey Address { get; } = AddressKey.From(Listen.Address);

    /// <summary>The address says nothing of what a client addressed: the kernel must be asked.</summary>
    internal bool IsWildcard { get; } = Listen.Address.Address.Equals(IPAddress.Any) || Listen.Address.Address.Equals(IPAddress.IPv6Any);

    /// <summary>Whether <paramref name="client"/> is in a denied range, or outside every source range.</summary>
    internal bool Refuses(in AddressKey client) =>
        _denied.Contains(client) || (!_sources.IsEmpty && !_sources.Contains(client));
}
