using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Get;

/// <summary>What is shown of Services and where they listen.</summary>
internal static class ServiceColumns
{
    /// <summary>Of service ports.</summary>
    public static IReadOnlyList<Column<ServiceAnswer>> All { get; } =
    [
        new("NAMESPACE", static s => s.Namespace) { IsNamespace = true },
        new("NAME", static s => s.Name),
        new("PORT", static s => s.Port),
        new("PROTOCOL", static s => s.Protocol) { IsWide = true },
        new("ADDRESS", static s => Some(s.Listens)),
        new("SCHEDULER", static s => s.Scheduler),
        new("BACKENDS", static s => $"{s.BackendsUsable}/{s.Backends}"),
        new("ACTIVE", static s => Human.Count(s.Active)),
        new("TOTAL", static s => Human.Count(s.Total)),
        new("WAITING", static s => Human.Count(s.Waiting)) { IsWide = true },
        new("IN", static s => Human.Bytes(s.Traffic.BytesFromClients)),
        new("OUT", static s => Human.Bytes(s.Traffic.BytesFromBackends)),
        new("CONNECT-FAILED", static s => Human.Count(s.ConnectFailures)) { IsWide = true },
        new("RETRIES", static s => Human.Count(s.Retries)) { IsWide = true },
        new("CONNECT-P50", static s => Human.Micros(s.ConnectTime.P50Micros)) { IsWide = true },
        new("CONNECT-P99", static s => Human.Micros(s.ConnectTime.P99Micros)) { IsWide = true },
        new("AFFINITY", static s => s.Affinity is { } table ? Human.Count(table.Entries) : null) { IsWide = true },
        new("ADDRESSES", static s => string.Join(',', s.Listens)) { IsWide = true },
    ];

    /// <summary>Of what is listened on.</summary>
    public static IReadOnlyList<Column<ListenerAnswer>> Listeners { get; } =
    [
        new("NAMESPACE", static l => l.Namespace) { IsNamespace = true },
        new("SERVICE", static l => l.Service),
        new("PORT", static l => l.Port),
        new("TYPE", static l => l.Kind),
        new("PROTOCOL", static l => l.Protocol),
        new("ADDRESS", static l => l.Address),
        new("STATE", static l => l.State),
        new("PROBLEM", static l => l.Problem),
    ];

    /// <summary>Of Services that wait for an address.</summary>
    public static IReadOnlyList<Column<PendingAnswer>> Pending { get; } =
    [
        new("NAMESPACE", static p => p.Namespace) { IsNamespace = true },
        new("NAME", static p => p.Name),
        new("REASON", static p => p.Reason),
        new("MESSAGE", static p => p.Message),
    ];

    private static string? Some(IReadOnlyList<string> addresses) => addresses switch
    {
        [] => null,
        [var one] => one,
        _ => $"{addresses[0]} + {addresses.Count - 1} more",
    };
}
