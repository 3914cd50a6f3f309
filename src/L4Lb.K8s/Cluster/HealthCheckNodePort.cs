namespace L4Lb.K8s.Cluster;

/// <summary>What a Service's <c>spec.healthCheckNodePort</c> has to tell load balancers in front of the nodes.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Name">Name of the Service.</param>
/// <param name="Port">The port, on every address of the node.</param>
/// <param name="LocalEndpoints">Ready endpoints on this node, by address; those that terminate do not count, even while they serve.</param>
public sealed record HealthCheckNodePort(string Namespace, string Name, int Port, int LocalEndpoints);
