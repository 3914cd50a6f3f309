using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations about deadlines and attempts.</summary>
internal static class TimeoutAnnotations
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly ValueReader<int> s_attempts = Values.Number(1, TimeoutSpec.MaxConnectAttempts);

    private static readonly ValueReader<TimeSpan> s_connect =
        Values.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    private static readonly ValueReader<TimeSpan> s_idle = Values.Duration(TimeSpan.FromSeconds(1), s_week);
    private static readonly ValueReader<TimeSpan> s_halfClose = Values.Duration(TimeSpan.FromMilliseconds(100), s_week);
    private static readonly ValueReader<TimeSpan> s_drain = Values.Duration(TimeSpan.Zero, s_week);

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read) => text.Name switch
    {
        AnnotationNames.ConnectAttempts => read with { ConnectAttempts = text.Read(s_attempts) },
        AnnotationNames.ConnectTimeout => read with { ConnectTimeout = text.Read(s_connect) },
        AnnotationNames.IdleTimeout => read with { IdleTimeout = text.Read(s_idle) },
        AnnotationNames.HalfCloseTimeout => read with { HalfCloseTimeout = text.Read(s_halfClose) },
        AnnotationNames.DrainTimeout => read with { DrainTimeout = text.Read(s_drain) },
        _ => null,
    };
}
