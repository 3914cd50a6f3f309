using System.Net;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>
/// Makes endpoints of Pods, as the EndpointSlice controller of a cluster does: conditions from the Pod's status,
/// named target ports looked up in each Pod, hints from <c>spec.trafficDistribution</c>.
/// </summary>
internal static class PodReader
{
    /// <summary>Adds what <paramref name="pods"/> have for each port to <paramref name="found"/>.</summary>
    public static void Read(
        Service service, IReadOnlyList<Pod> pods, EndpointContext context, EndpointSet[] found, ICollection<Diagnostic> diagnostics)
    {
        foreach (var pod in pods)
        {
            if (pod.Phase is "Succeeded" or "Failed")
            {
                continue;
            }

            var weight = Weight(pod, diagnostics);
            foreach (var text in pod.PodIPs)
            {
                if (!AddressText.TryParse(text, out var address) || !service.IPFamilies.Contains(AddressText.FamilyOf(address)))
                {
                    continue;
                }

                for (var i = 0; i < found.Length; i++)
                {
                    if (TargetPort(service.Ports[i], pod) is { } port)
                    {
                        found[i].Add(Endpoint(service, pod, new IPEndPoint(address, port), weight, context));
                    }
                }
            }
        }

        WarnOfMissingPorts(service, pods, found, diagnostics);
    }

    private static ServiceEndpoint Endpoint(Service service, Pod pod, IPEndPoint address, int? weight, EndpointContext context)
    {
        var serving = IsServing(pod);
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var zone = pod.NodeName is null ? null : context.ZoneOfNode(pod.NodeName);
        var byNode = service.TrafficDistribution == "PreferSameNode" && pod.NodeName is not null;
        var byZone = service.TrafficDistribution is "PreferSameNode" or "PreferSameZone" or "PreferClose" && zone is not null;
        return new ServiceEndpoint
        {
            Address = address,
            Ready = service.PublishNotReadyAddresses || (serving && !terminating),
            Serving = serving,
            Terminating = terminating,
            NodeName = pod.NodeName,
            ForNodes = byNode ? [pod.NodeName!] : [],
            ForZones = byZone ? [zone!] : [],
            Weight = weight,
        };
    }

    /// <summary>Whether it takes new clients.</summary>
    internal static bool IsReady(Pod pod) => IsServing(pod) && pod.Metadata.DeletionTimestamp is null;

    /// <summary>The port of <paramref name="pod"/> that <paramref name="port"/> leads to; null when it has none of that name.</summary>
    internal static int? TargetPort(ServicePort port, Pod pod)
    {
        if (port.TargetPort is not { } target)
        {
            return port.Port;
        }

        if (!target.IsName)
        {
            return target.Number > 0 ? target.Number : port.Port;
        }

        foreach (var candidate in pod.Ports)
        {
            var protocol = candidate.Protocol.Length > 0 ? candidate.Protocol : "TCP";
            if (candidate.Name == target.Name && protocol == port.Protocol)
            {
                return candidate.Port;
            }
        }

        return null;
    }

    // A Pod written by hand has no conditions; whoever wrote it wants it used.
    private static bool IsServing(Pod pod) => pod.Ready ?? pod.Phase is "" or "Running";

    private static void WarnOfMissingPorts(
        Service service, IReadOnlyList<Pod> pods, EndpointSet[] found, ICollection<Diagnostic> diagnostics)
    {
        for (var i = 0; i < found.Length && pods.Count > 0; i++)
        {
            var port = service.Ports[i];
            if (found[i].Count == 0 && port.TargetPort is { IsName: true } && !pods.Any(p => TargetPort(port, p) is not null))
            {
                diagnostics.Warn(
                    service, $"spec.ports[{i}].targetPort", $"no selected Pod has a {port.Protocol} port named \"{port.TargetPort}\"");
            }
        }
    }

    private static int? Weight(Pod pod, ICollection<Diagnostic> diagnostics)
    {
        if (pod.Metadata.Annotations.IsEmpty)
        {
            return null;
        }

        ForeignAnnotations.Warn(pod, AnnotationNames.OnPod, diagnostics);
        if (!pod.Metadata.Annotations.TryGetValue(AnnotationNames.Weight, out var text))
        {
            return null;
        }

        if (WeightTable.TryParseWeight(text.Trim(), out var weight))
        {
            return weight;
        }

        diagnostics.Refuse(
            pod, AnnotationNames.PathOf(AnnotationNames.Weight),
            $"Invalid value: \"{text}\": expected a number from 0 to {WeightTable.MaxWeight}");
        return null;
    }
}
