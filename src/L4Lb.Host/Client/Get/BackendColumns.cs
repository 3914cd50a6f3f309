using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Get;

/// <summary>What is shown of backends.</summary>
internal static class BackendColumns
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<Column<BackendAnswer>> All(Func<DateTime> now) =>
    [
        new("NAMESPACE", static b => b.Namespace) { IsNamespace = true },
        new("SERVICE", static b => b.Service),
        new("PORT", static b => b.Port),
        new("NAME", static b => b.Address),
        new("STATUS", StatusOf),
        new("WEIGHT", WeightOf),
        new("ACTIVE", static b => Human.Count(b.Active)),
        new("TOTAL", static b => Human.Count(b.Total)),
        new("IN", static b => Human.Bytes(b.Traffic.BytesFromClients)) { IsWide = true },
        new("OUT", static b => Human.Bytes(b.Traffic.BytesFromBackends)) { IsWide = true },
        new("CONNECT-FAILED", static b => Human.Count(b.ConnectFailures)) { IsWide = true },
        new("CHECKS", static b => Human.Count(b.Checks)) { IsWide = true },
        new("CHECKS-FAILED", static b => Human.Count(b.ChecksFailed)) { IsWide = true },
        new("AGE", b => b.HealthSince is { } since ? Human.Age(now() - since) : null) { IsClock = true },
        new("REASON", static b => b.NotEligible ?? b.HealthReason),
    ];

    /// <summary>Health, and what an operator did.</summary>
    public static string StatusOf(BackendAnswer backend) => backend.Drained ? $"{backend.Health},drained" : backend.Health;

    /// <summary>The weight that it has, and the one that the configuration gives it where that differs.</summary>
    private static string WeightOf(BackendAnswer backend) => backend.EffectiveWeight == backend.Weight
        ? $"{backend.Weight}"
        : FormattableString.Invariant($"{backend.EffectiveWeight:0.##}/{backend.Weight}");
}
