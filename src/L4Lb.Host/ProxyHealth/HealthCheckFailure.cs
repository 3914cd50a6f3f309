using L4Lb.K8s.Cluster;

namespace L4Lb.Host.ProxyHealth;

/// <summary>A health check port that could not be opened.</summary>
/// <param name="Service">Whose port it is.</param>
/// <param name="Problem">Why.</param>
internal sealed record HealthCheckFailure(HealthCheckNodePort Service, string Problem)
{
    /// <summary>Reason of the event that is to be written on the Service.</summary>
    public const string Reason = "FailedToStartServiceHealthcheck";

    /// <summary>Action of that event.</summary>
    public const string Action = "Listen";

    /// <summary>Text of that event, in kube-proxy's words.</summary>
    /// <param name="node">Name of this node.</param>
    public string Text(string node) =>
        $"node {node} failed to start healthcheck \"{Service.Namespace}/{Service.Name}\" on port {Service.Port}: {Problem}";
}
