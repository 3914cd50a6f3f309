namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>wlc</c>: the candidate with the fewest active sessions per weight, as in IPVS (Linux
/// net/netfilter/ipvs/ip_vs_wlc.c), those who tie taking turns: <see cref="LeastRatio"/>. O(n).
/// </summary>
internal sealed class WeightedLeastConnectionsScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "wlc", "the backend with the fewest sessions for its weight", SchedulerTraits.Weighted | SchedulerTraits.ByLoad,
        static (candidates, memory, _) => new WeightedLeastConnectionsScheduler(candidates, memory));

    // Immutable.
    private readonly LeastRatio _least = new(candidates, memory, joining: 0);

    public string Name => "wlc";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => _least.Next(in tried);
}
