using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>What no annotation can know alone: those that exclude each other, and those that mean nothing here.</summary>
internal static class AnnotationConflicts
{
    /// <summary>Reports about the annotations of <paramref name="service"/>.</summary>
    public static void Report(Service service, ServiceAnnotations read, ICollection<Diagnostic> diagnostics)
    {
        if (Has(AnnotationNames.BackendThresholds) && Has(AnnotationNames.BackendMaxSessions))
        {
            diagnostics.Refuse(
                service, AnnotationNames.PathOf(AnnotationNames.BackendThresholds),
                $"says the same as {AnnotationNames.BackendMaxSessions} in another way: give one of them");
        }

        if (read.Limits is { QueueLength: > 0, BackendMaxSessions: 0, MaxSessions: 0 })
        {
            Warn(
                AnnotationNames.Queue,
                $"has no effect: nobody is ever full without {AnnotationNames.BackendMaxSessions}, "
                + $"{AnnotationNames.BackendThresholds} or {AnnotationNames.MaxSessions}");
        }

        foreach (var name in (ReadOnlySpan<string>)[AnnotationNames.ProxyProtocolTrusted, AnnotationNames.ProxyProtocolTimeout])
        {
            if (!read.ProxyProtocol.Accept)
            {
                Warn(name, $"has no effect without {AnnotationNames.AcceptProxyProtocol}: \"true\"");
            }
        }

        if (read.Health is { SlowStart: not null, Probe: null, Agent: null, Outlier: null })
        {
            Warn(AnnotationNames.SlowStart, "has no effect: nothing finds out when a backend comes up");
        }

        ReportProtocols();

        void ReportProtocols()
        {
            foreach (var port in service.Ports)
            {
                var (isTcp, name) = (port.Protocol == "TCP", $"the {port.Protocol} port {port.Port}");
                if (!isTcp && read.ProxyProtocol.Accept)
                {
                    Warn(AnnotationNames.AcceptProxyProtocol, $"has no effect on {name}: headers are read from TCP connections");
                }

                if (!isTcp && read.ProxyProtocol.Send != ProxyProtocolVersion.None)
                {
                    Warn(AnnotationNames.ProxyProtocol, $"has no effect on {name}: headers are sent on TCP connections");
                }

                if (!isTcp)
                {
                    Warn(AnnotationNames.HalfCloseTimeout, $"has no effect on {name}: only TCP has two directions to close");
                }

                if (read.Health.Probe is { Port: null } probe && probe.Kind != ProbeKind.Exec && (probe.Kind != ProbeKind.Udp) != isTcp)
                {
                    var by = probe.Kind == ProbeKind.Udp ? "UDP" : "TCP";
                    Warn(AnnotationNames.HealthCheck, $"asks by {by} at backends of {name}; say port= when they answer elsewhere");
                }
            }
        }

        bool Has(string name) => service.Metadata.Annotations.ContainsKey(name);

        void Warn(string name, string message)
        {
            if (Has(name))
            {
                diagnostics.Warn(service, AnnotationNames.PathOf(name), message);
            }
        }
    }
}
