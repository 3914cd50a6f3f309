using System.Diagnostics.Metrics;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Provider;
using static L4Lb.Host.Telemetry.InstrumentDefinition;

namespace L4Lb.Host.Telemetry;

/// <summary>What is told of addresses: those that are announced, and those that the provider gives out.</summary>
internal static class ClusterInstruments
{
    // Of a version that knows more reasons.
    private const string OtherReason = "other";

    // Names as they are in conditions, pages and events.
    private static readonly string[] s_reasons = Enum.GetNames<PendingReason>();

    /// <summary>The instruments.</summary>
    public static IReadOnlyList<InstrumentDefinition> All { get; } =
    [
        Amount("l4lb.address.state", "{address}", "Announced addresses in each state.", InstrumentScope.Process,
            static r => r.Addresses.Count == 0 ? [] : Measure.States(r.Addresses.Select(static a => a.State))),
        Counter(
            "l4lb.address.conflicts", "{conflict}", "Times that somebody else on the segment said that an address of ours was theirs.",
            InstrumentScope.Process, static r => Measure.One(r.AddressConflicts)),
        Amount("l4lb.provider.leader", "", "1 where the provider works, 0 where it stands by.", InstrumentScope.Process,
            static r => r.IsLeader is { } leads ? Measure.One(leads ? 1 : 0) : []),
        Gauge("l4lb.pool.assigned", "{address}", "Addresses of a pool that some Service has.", InstrumentScope.Process,
            static r => r.Pools.SelectMany(static p => Families(p, p.AssignedIPv4, p.AssignedIPv6))),
        Gauge("l4lb.pool.size", "{address}", "Addresses that a pool may give away.", InstrumentScope.Process,
            static r => r.Pools.SelectMany(static p => Families(p, p.TotalIPv4, p.TotalIPv6))),
        Amount(
            "l4lb.pool.pending", "{service}",
            "Services that wait for an address, by the reason of their condition, and by the pool that they ask for by name if there is one.",
            InstrumentScope.Process, static r => r.IsLeader == true ? Pending(r) : []),
    ];

    /// <summary>How many wait: what people wrote into Services makes no series, and each reason is there from the start.</summary>
    private static IEnumerable<Measurement<long>> Pending(MetricsReading reading)
    {
        var pools = reading.Pools.Select(static pool => pool.Name).ToHashSet(StringComparer.Ordinal);
        var counts = reading.Waiting
            .CountBy(waiting => (
                Pool: pools.Contains(waiting.Pool) ? waiting.Pool : "",
                Reason: s_reasons.Contains(waiting.Reason) ? waiting.Reason : OtherReason))
            .ToDictionary();
        foreach (var reason in s_reasons.Append(OtherReason))
        {
            counts.TryAdd(("", reason), 0);
        }

        return counts.Select(static count => new Measurement<long>(
            count.Value, new(MetricTags.Pool, count.Key.Pool), new(MetricTags.Reason, count.Key.Reason)));
    }

    private static IEnumerable<Measurement<double>> Families(PoolUsage pool, UInt128 ipv4, UInt128 ipv6)
    {
        if (pool.TotalIPv4 > 0)
        {
            yield return new((double)ipv4, new(MetricTags.Pool, pool.Name), new(MetricTags.Family, "ipv4"));
        }

        if (pool.TotalIPv6 > 0)
        {
            yield return new((double)ipv6, new(MetricTags.Pool, pool.Name), new(MetricTags.Family, "ipv6"));
        }
    }
}
