using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;

namespace L4Lb.Engine;

/// <summary>Which sessions and flows are meant: those that fit all that is given.</summary>
public sealed record SessionQuery
{
    private readonly AddressRanges? _clients;

    /// <summary>The one with this number.</summary>
    public long? Id { get; init; }

    /// <summary>Sessions alone, or flows alone.</summary>
    public TransportProtocol? Protocol { get; init; }

    /// <summary>Those of this namespace's services.</summary>
    public string? Namespace { get; init; }

    /// <summary>Those of services with this name.</summary>
    public string? Service { get; init; }

    /// <summary>Those of the service port with this name.</summary>
    public string? Port { get; init; }

    /// <summary>Those of this backend.</summary>
    public AddressKey? Backend { get; init; }

    /// <summary>Those of clients in this network.</summary>
    public IPNetwork? Clients
    {
        get;
        init => (field, _clients) = (value, value is { } network ? new AddressRanges([network]) : null);
    }

    internal bool Fits(long id, TransportProtocol protocol, ServiceKey service, in AddressKey client, in AddressKey? backend) =>
        (Id is null || Id == id)
        && (Protocol is null || Protocol == protocol)
        && (Namespace is null || Namespace == service.Namespace)
        && (Service is null || Service == service.Name)
        && (Port is null || Port == service.Port)
        && (Backend is null || Backend == backend)
        && (_clients is null || _clients.Contains(client));
}
