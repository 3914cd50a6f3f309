namespace L4Lb.K8s.Cluster;

/// <summary>
/// What a load balancer in front of the nodes is told about a Service with <c>externalTrafficPolicy: Local</c>, on its
/// <c>spec.healthCheckNodePort</c>.
/// </summary>
/// <param name="Namespace">The Service's namespace.</param>
/// <param name="Name">The Service's name.</param>
/// <param name="Port">The port, TCP, on every node.</param>
/// <param name="LocalEndpoints">
/// Number of endpoints on this node that are ready; each address counts once, and those that only serve while they terminate do not
/// count. Without any the node is to get no new traffic.
/// </param>
public sealed record HealthCheckNodePort(string Namespace, string Name, int Port, int LocalEndpoints);
