using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations that refine <c>spec.sessionAffinity: ClientIP</c>.</summary>
internal static class AffinityAnnotations
{
    private static readonly ValueReader<AffinityScope> s_scope =
        Values.OneOf(("port", AffinityScope.Port), ("service", AffinityScope.Service));

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read)
    {
        if (ReadAffinity(text, read.Affinity) is not { } affinity)
        {
            return null;
        }

        if (text.Service.SessionAffinity != "ClientIP")
        {
            text.Warn("has no effect: spec.sessionAffinity is not ClientIP");
        }

        return read with { Affinity = affinity };
    }

    private static AffinitySpec? ReadAffinity(AnnotationText text, AffinitySpec affinity) => text.Name switch
    {
        AnnotationNames.AffinityScope => affinity with { Scope = text.Read(s_scope, affinity.Scope) },
        AnnotationNames.AffinityIPv4Prefix =>
            affinity with { IPv4PrefixLength = text.Read(AffinityText.IPv4Prefix, affinity.IPv4PrefixLength) },
        AnnotationNames.AffinityIPv6Prefix =>
            affinity with { IPv6PrefixLength = text.Read(AffinityText.IPv6Prefix, affinity.IPv6PrefixLength) },
        AnnotationNames.AffinityWhenGone => affinity with { WhenGone = text.Read(AffinityText.WhenGone, affinity.WhenGone) },
        AnnotationNames.AffinityFirstPick => affinity with { FirstPick = text.Read(AffinityText.FirstPick, affinity.FirstPick) },
        AnnotationNames.AffinityMaxEntries => affinity with { MaxEntries = text.Read(AffinityText.MaxEntries, affinity.MaxEntries) },
        _ => null,
    };
}
