using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations that bound what clients may do.</summary>
internal static class LimitAnnotations
{
    private static readonly ValueReader<int> s_sessions = Values.Number(0, int.MaxValue);

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read)
    {
        if (text.Name == AnnotationNames.DenySourceRanges)
        {
            return read with { DeniedRanges = text.Read<EquatableArray<IPNetwork>>(Values.Networks, []) };
        }

        return ReadLimits(text, read.Limits) is { } limits ? read with { Limits = limits } : null;
    }

    private static LimitSpec? ReadLimits(AnnotationText text, LimitSpec limits)
    {
        switch (text.Name)
        {
            case AnnotationNames.MaxSessions:
                return limits with { MaxSessions = text.Read(s_sessions, 0) };
            case AnnotationNames.BackendMaxSessions:
                return limits with { BackendMaxSessions = text.Read(s_sessions, 0) };
            case AnnotationNames.BackendThresholds:
                var (upper, lower) = text.Read<(int, int)>(LimitText.ParseThresholds, default);
                return limits with { BackendMaxSessions = upper, BackendResumeBelow = lower };
            case AnnotationNames.Queue:
                var (length, timeout) = text.Read<(int, TimeSpan)>(LimitText.ParseQueue, (0, limits.QueueTimeout));
                return limits with { QueueLength = length, QueueTimeout = timeout };
            case AnnotationNames.SourceLimits:
                return limits with { PerSource = text.Read<SourceLimitSpec?>(LimitText.ParseSources, null) };
            default:
                return null;
        }
    }
}
