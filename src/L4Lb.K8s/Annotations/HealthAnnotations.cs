using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations about who can serve.</summary>
internal static class HealthAnnotations
{
    private static readonly ValueReader<WhenAllDown> s_whenAllDown =
        Values.OneOf(("panic", WhenAllDown.Panic), ("refuse", WhenAllDown.Refuse));

    private static readonly ValueReader<WhenDown> s_whenDown = Values.OneOf(("keep", WhenDown.Keep), ("reset", WhenDown.Reset));

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read) =>
        ReadHealth(text, read.Health) is { } health ? read with { Health = health } : null;

    private static HealthSpec? ReadHealth(AnnotationText text, HealthSpec health)
    {
        return text.Name switch
        {
            AnnotationNames.HealthCheck => health with { Probe = text.Read<ProbeSpec?>(ReadProbe, null) },
            AnnotationNames.OutlierDetection => health with { Outlier = text.Read<OutlierSpec?>(HealthText.ParseOutlier, null) },
            AnnotationNames.SlowStart => health with { SlowStart = text.Read<SlowStartSpec?>(HealthText.ParseSlowStart, null) },
            AnnotationNames.AgentCheck => health with { Agent = text.Read<AgentSpec?>(HealthText.ParseAgent, null) },
            AnnotationNames.WhenAllDown => health with { WhenAllDown = text.Read(s_whenAllDown, health.WhenAllDown) },
            AnnotationNames.WhenDown => health with { WhenDown = text.Read(s_whenDown, health.WhenDown) },
            _ => null,
        };

        string? ReadProbe(string value, out ProbeSpec? probe) => ProbeText.Parse(value, text.Options.ExecProbes, out probe);
    }
}
