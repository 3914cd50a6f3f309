using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>One address that a Service's endpoints name for one of its ports, whatever object said so.</summary>
public sealed record ServiceEndpoint
{
    /// <summary>Address and port.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Whether it takes new sessions.</summary>
    public bool Ready { get; init; } = true;

    /// <summary>Whether it would answer, even while it terminates.</summary>
    public bool Serving { get; init; } = true;

    /// <summary>Whether it is on its way out.</summary>
    public bool Terminating { get; init; }

    /// <summary>The node it runs on, or null when that is not known.</summary>
    public string? NodeName { get; init; }

    /// <summary>Zones that should use it.</summary>
    public EquatableArray<string> ForZones { get; init; } = [];

    /// <summary>Nodes that should use it.</summary>
    public EquatableArray<string> ForNodes { get; init; } = [];

    /// <summary>Weight that the object gave it, or null.</summary>
    public int? Weight { get; init; }
}

/// <summary>Where this appliance stands, as far as the choice of endpoints cares.</summary>
/// <param name="NodeName">Name of its node; null when it has none, and then every endpoint counts as local: an
/// appliance on its own has no other node that could serve what it refuses.</param>
/// <param name="Zone">Zone of its node; null ignores zone hints.</param>
public sealed record NodeTopology(string? NodeName, string? Zone)
{
    /// <summary>No name and no zone.</summary>
    public static NodeTopology None { get; } = new(null, null);

    /// <summary>Whether <paramref name="endpoint"/> runs on this node.</summary>
    public bool IsLocal(ServiceEndpoint endpoint) => NodeName is null || endpoint.NodeName == NodeName;
}
