using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary>The part of a <c>v1</c> Pod that makes it an endpoint.</summary>
public sealed record Pod : KubeObject
{
    /// <inheritdoc/>
    public override string Kind => "Pod";

    /// <summary><c>status.podIPs</c>, or <c>status.podIP</c> alone.</summary>
    public EquatableArray<string> PodIPs { get; init; } = [];

    /// <summary><c>status.phase</c>; empty when there is no status.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The status of condition <c>Ready</c>; null when there is none.</summary>
    public bool? Ready { get; init; }

    /// <summary><c>spec.nodeName</c>.</summary>
    public string? NodeName { get; init; }

    /// <summary><c>spec.hostname</c>.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>spec.subdomain</c>.</summary>
    public string? Subdomain { get; init; }

    /// <summary>Ports of the containers, then of the restartable init containers, in order.</summary>
    public EquatableArray<ContainerPort> Ports { get; init; } = [];
}

/// <summary>One entry of a container's <c>ports</c>.</summary>
/// <param name="Name"><c>name</c>; empty when there is none.</param>
/// <param name="Protocol"><c>protocol</c>.</param>
/// <param name="Port"><c>containerPort</c>.</param>
public sealed record ContainerPort(string Name, string Protocol, int Port);
