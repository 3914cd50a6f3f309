using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Discovery;

/// <summary>
/// The variables by which kubelet tells a container of the Services that there were when it started (Kubernetes
/// pkg/kubelet/envvars/envvars.go, pkg/kubelet/kubelet_pods.go getServiceEnvVarMap). Pure.
/// </summary>
public static class EnvironmentVariables
{
    // Its clients find the API server by it, wherever they are.
    private const string MasterName = "kubernetes";
    private const string MasterNamespace = "default";

    /// <summary>What a container in <paramref name="podNamespace"/> gets, by Service name, each Service's in kubelet's order.</summary>
    /// <param name="services">Services with the addresses that they were given.</param>
    /// <param name="podNamespace">The container's namespace.</param>
    /// <param name="serviceLinks">Whether it gets more than the API server's: <c>spec.enableServiceLinks</c> of its Pod.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        IEnumerable<Service> services, string podNamespace, bool serviceLinks = true)
    {
        var byName = new SortedDictionary<string, Service>(StringComparer.Ordinal);
        foreach (var service in services.Where(static s => s.ClusterIP.Length > 0 && !s.IsHeadless && s.Ports.Count > 0))
        {
            var (name, home) = (service.Metadata.Name, service.Metadata.Namespace);
            if (home == podNamespace && serviceLinks)
            {
                byName[name] = service;
            }
            else if (home == MasterNamespace && name == MasterName)
            {
                byName.TryAdd(name, service); // One of the namespace's own goes before it.
            }
        }

        return [.. byName.Values.SelectMany(Of)];
    }

    private static IEnumerable<KeyValuePair<string, string>> Of(Service service)
    {
        var prefix = NameOf(service.Metadata.Name);
        var port = $"{prefix}_SERVICE_PORT";
        yield return new($"{prefix}_SERVICE_HOST", service.ClusterIP);
        yield return new(port, $"{service.Ports[0].Port}");
        foreach (var named in service.Ports.Where(static p => p.Name.Length > 0))
        {
            yield return new($"{port}_{NameOf(named.Name)}", $"{named.Port}");
        }

        foreach (var link in LinksOf(service, prefix))
        {
            yield return link;
        }
    }

    /// <summary>As Docker's links had them, which is where programs of that time look.</summary>
    private static IEnumerable<KeyValuePair<string, string>> LinksOf(Service service, string prefix)
    {
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            var protocol = port.Protocol.Length > 0 ? port.Protocol : "TCP";
            var lower = protocol.ToLowerInvariant();
            var host = service.ClusterIP.Contains(':', StringComparison.Ordinal) ? $"[{service.ClusterIP}]" : service.ClusterIP;
            var where = $"{lower}://{host}:{port.Port}";
            if (i == 0)
            {
                yield return new($"{prefix}_PORT", where);
            }

            var name = $"{prefix}_PORT_{port.Port}_{protocol.ToUpperInvariant()}";
            yield return new(name, where);
            yield return new($"{name}_PROTO", lower);
            yield return new($"{name}_PORT", $"{port.Port}");
            yield return new($"{name}_ADDR", service.ClusterIP);
        }
    }

    private static string NameOf(string name) => name.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
}
