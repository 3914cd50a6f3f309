using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Get;

/// <summary>What is shown of clients and of what happened.</summary>
internal static class SessionColumns
{
    /// <summary>Of clients that keep a backend.</summary>
    public static IReadOnlyList<Column<AffinityAnswer>> Affinity { get; } =
    [
        new("NAMESPACE", static a => a.Namespace) { IsNamespace = true },
        new("SERVICE", static a => a.Service),
        new("PORT", static a => a.Port),
        new("CLIENT", static a => a.Client),
        new("BACKEND", static a => a.Backend),
        new("IDLE", static a => Human.Age(TimeSpan.FromMilliseconds(a.IdleMs))) { IsClock = true },
    ];

    /// <summary>Of sessions and flows.</summary>
    public static IReadOnlyList<Column<SessionAnswer>> All(Func<DateTime> now) =>
    [
        new("NAMESPACE", static s => s.Namespace) { IsNamespace = true },
        new("NAME", static s => $"{s.Id}"),
        new("SERVICE", static s => s.Service),
        new("PORT", static s => s.Port) { IsWide = true },
        new("CLIENT", static s => s.Client),
        new("ADDRESS", static s => s.Listen) { IsWide = true },
        new("BACKEND", static s => s.Backend),
        new("PHASE", static s => s.Phase),
        new("IN", static s => Human.Bytes(s.BytesFromClient)),
        new("OUT", static s => Human.Bytes(s.BytesFromBackend)),
        new("CONNECT", static s => Human.Micros(s.ConnectMicros)) { IsWide = true },
        new("ATTEMPTS", static s => $"{s.Attempts}") { IsWide = true },
        new("SHARD", static s => $"{s.Shard}") { IsWide = true },
        new("IDLE", static s => Human.Age(TimeSpan.FromMilliseconds(s.IdleMs))) { IsClock = true },
        new("AGE", s => Human.Age(now() - s.Accepted)) { IsClock = true },
    ];

    /// <summary>Of events.</summary>
    public static IReadOnlyList<Column<EventAnswer>> Events(Func<DateTime> now) =>
    [
        new("NAME", static e => $"{e.Id}") { IsWide = true },
        new("TIME", static e => $"{e.Time:yyyy-MM-ddTHH:mm:ss.fffZ}") { IsWide = true },
        new("AGE", e => Human.Age(now() - e.Time)) { IsClock = true },
        new("LEVEL", static e => e.Level),
        new("KIND", static e => e.Kind),
        new("CODE", static e => $"{e.Code}") { IsWide = true },
        new("MESSAGE", static e => e.Message.ReplaceLineEndings(" ")),
    ];
}
