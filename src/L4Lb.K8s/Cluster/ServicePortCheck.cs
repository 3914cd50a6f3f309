using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// What the API server makes sure of and translation relies on. Not its whole validation: that of a newer server may allow more
/// than ours knows of, and what it has let in is to be served.
/// </summary>
internal static class ServicePortCheck
{
    private const int MaxPort = 65535;

    /// <summary>Adds what is wrong with the ports of <paramref name="service"/> to <paramref name="problems"/>.</summary>
    public static void Check(Service service, ICollection<Diagnostic> problems)
    {
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            if (port.Port is < 1 or > MaxPort)
            {
                problems.Refuse(service, $"spec.ports[{i}].port", $"Invalid value: {port.Port}: must be between 1 and {MaxPort}, inclusive");
            }

            if (port.NodePort is < 0 or > MaxPort)
            {
                problems.Refuse(service, $"spec.ports[{i}].nodePort", $"Invalid value: {port.NodePort}: must be between 0 and {MaxPort}, inclusive");
            }
        }
    }
}
