using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Discovery;

/// <summary>A Service as clients find it: with the addresses that it was given, and of a headless one those who serve.</summary>
/// <param name="Service">The Service.</param>
/// <param name="Endpoints">Of a headless Service, those that are ready, or all when it publishes all; of others none.</param>
public sealed record DiscoveredService(Service Service, EquatableArray<DiscoveredEndpoint> Endpoints);

/// <summary>One address behind a headless Service.</summary>
/// <param name="Address">The address.</param>
/// <param name="Hostname">Its own name under the Service's; null when nobody gave it one.</param>
/// <param name="Ports">Its ports that the Service has a name for.</param>
public sealed record DiscoveredEndpoint(IPAddress Address, string? Hostname, EquatableArray<DiscoveredPort> Ports);

/// <summary>A port of an endpoint.</summary>
/// <param name="Name">The name of the Service's port.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Number">The endpoint's own port, to which the Service's leads.</param>
public sealed record DiscoveredPort(string Name, string Protocol, int Number);
