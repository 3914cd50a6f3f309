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

        if (!service.Ports.Any(static p => p.Protocol == "UDP"))
        {
            Warn(AnnotationNames.Udp, "has no effect: the Service has no UDP port");
        }

        if (read.ProxyProtocol.Send != ProxyProtocolVersion.V2 && Says(AnnotationNames.Udp, "proxy-header"))
        {
            Warn(AnnotationNames.Udp, $"proxy-header= has no effect without {AnnotationNames.ProxyProtocol}: v2");
        }

        foreach (var (name, message) in service.Ports.SelectMany(port => ProtocolConflicts.Of(port, read)))
        {
            Warn(name, message);
        }

        bool Has(string name) => service.Metadata.Annotations.ContainsKey(name);

        bool Says(string name, string word) =>
            service.Metadata.Annotations.TryGetValue(name, out var text) && text.Contains(word, StringComparison.Ordinal);

        void Warn(string name, string message)
        {
            if (Has(name))
            {
                diagnostics.Warn(service, AnnotationNames.PathOf(name), message);
            }
        }
    }
}
