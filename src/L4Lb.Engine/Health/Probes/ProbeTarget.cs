using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;

namespace L4Lb.Engine.Health.Probes;

/// <summary>What is looked at.</summary>
/// <param name="Address">Where to connect or send to.</param>
/// <param name="Backend">The backend's own address and port.</param>
/// <param name="Service">The service port that it serves.</param>
/// <param name="Prefix">Bytes that a connection begins with: the PROXY protocol header, or nothing.</param>
internal sealed record ProbeTarget(IPEndPoint Address, IPEndPoint Backend, ServiceKey Service, ReadOnlyMemory<byte> Prefix)
{
    /// <summary>Bytes that a datagram begins with: version 1 of the header cannot describe one.</summary>
    internal ReadOnlyMemory<byte> DatagramPrefix { get; init; }

    /// <summary>
    /// The target of a probe of <paramref name="backend"/>. Another port than the backend's is another program's, which
    /// does not expect the header (as HAProxy without <c>check-send-proxy</c>).
    /// </summary>
    internal static ProbeTarget Of(ServiceSpec service, AddressKey backend, int? port)
    {
        var own = backend.ToIPEndPoint();
        return port is { } other && other != own.Port
            ? new ProbeTarget(new IPEndPoint(own.Address, other), own, service.Key, default)
            : new ProbeTarget(own, own, service.Key, ProxyHeader.Local(service.ProxyProtocol.Send))
            {
                DatagramPrefix = service.ProxyProtocol.Send == ProxyProtocolVersion.V2
                    ? ProxyHeader.Local(ProxyProtocolVersion.V2)
                    : default,
            };
    }
}
