using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>Which annotations mean nothing on a port for its protocol, or not what they seem to. Pure.</summary>
internal static class ProtocolConflicts
{
    /// <summary>What is to be said of the annotation of each name, if the Service has it.</summary>
    public static IEnumerable<(string Name, string Message)> Of(ServicePort port, ServiceAnnotations read)
    {
        var (isTcp, isUdp, name) = (port.Protocol == "TCP", port.Protocol == "UDP", $"the {port.Protocol} port {port.Port}");
        foreach (var (annotation, why) in isUdp ? OfDatagrams(read) : [])
        {
            yield return (annotation, $"has no effect on {name}: {why}");
        }

        if (!isTcp && read.ProxyProtocol.Accept)
        {
            yield return (AnnotationNames.AcceptProxyProtocol, $"has no effect on {name}: headers are read from TCP connections");
        }

        if (!isTcp && !isUdp && read.ProxyProtocol.Send != ProxyProtocolVersion.None)
        {
            yield return (AnnotationNames.ProxyProtocol, $"has no effect on {name}: headers are sent by TCP and UDP");
        }

        if (!isTcp)
        {
            yield return (AnnotationNames.HalfCloseTimeout, $"has no effect on {name}: only TCP has two directions to close");
        }

        if (read.Health.Probe is { Port: null } probe && probe.Kind != ProbeKind.Exec && (probe.Kind != ProbeKind.Udp) != isTcp)
        {
            var by = probe.Kind == ProbeKind.Udp ? "UDP" : "TCP";
            yield return (AnnotationNames.HealthCheck, $"asks by {by} at backends of {name}; say port= when they answer elsewhere");
        }
    }

    private static IEnumerable<(string Name, string Why)> OfDatagrams(ServiceAnnotations read)
    {
        var isPerDatagram = read.Datagrams.Mode == DatagramMode.Datagram;
        if (read.ProxyProtocol.Send == ProxyProtocolVersion.V1)
        {
            yield return (AnnotationNames.ProxyProtocol, "only v2 can describe datagrams");
        }

        if (isPerDatagram)
        {
            yield return (AnnotationNames.MaxSessions, "with per-datagram there are no flows");
            yield return (AnnotationNames.BackendMaxSessions, "with per-datagram there are no flows");
            yield return (AnnotationNames.BackendThresholds, "with per-datagram there are no flows");
        }

        yield return (AnnotationNames.Queue, "datagrams do not wait");
        yield return (AnnotationNames.ConnectTimeout, "there is no connection to wait for");
        yield return (AnnotationNames.DrainTimeout, "the flows of a removed backend end at once");
    }
}
