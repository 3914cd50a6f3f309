using System.Diagnostics;

namespace L4Lb.K8s.Diagnostics;

/// <summary>Spans of what is done for a cluster. Nobody listens unless a tracing exporter is asked for.</summary>
internal static class Tracing
{
    private static readonly ActivitySource s_source = new("L4Lb");

    /// <summary>Begins a span about one object; null when nobody listens.</summary>
    public static Activity? Start(string name, string @namespace, string objectName) =>
        s_source.StartActivity(name)?.SetTag("k8s.namespace.name", @namespace).SetTag("k8s.service.name", objectName);
}
