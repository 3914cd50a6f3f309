using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>Reads one Service's annotations, topic by topic; collects every problem rather than the first.</summary>
internal static class ServiceAnnotationReader
{
    /// <summary>Reads them all.</summary>
    public static ServiceAnnotations Read(Service service, AnnotationOptions options, ICollection<Diagnostic> diagnostics)
    {
        var read = ServiceAnnotations.None;
        foreach (var (name, value) in service.Metadata.Annotations)
        {
            var text = new AnnotationText(service, name, value.Trim(), options, diagnostics);
            read = SchedulingAnnotations.Read(text, read)
                ?? TimeoutAnnotations.Read(text, read)
                ?? LimitAnnotations.Read(text, read)
                ?? AffinityAnnotations.Read(text, read)
                ?? HealthAnnotations.Read(text, read)
                ?? ProxyProtocolAnnotations.Read(text, read)
                ?? DatagramAnnotations.Read(text, read)
                ?? ProviderAnnotations.Read(text, read)
                ?? read;
        }

        AnnotationConflicts.Report(service, read, diagnostics);
        ForeignAnnotations.Warn(service, AnnotationNames.OnService, diagnostics);
        return read;
    }
}
