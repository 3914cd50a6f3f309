namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>sed</c>: the candidate with the shortest expected delay, (active + 1) / weight: fewest sessions for its weight once it
/// has this one too (Linux net/netfilter/ipvs/ip_vs_sed.c; Weinrib, Shenker: "Greed is not enough: adaptive load sharing in
/// large heterogeneous systems", INFOCOM 1988). O(n).
/// </summary>
/// <remarks>
/// An idle light one waits until the heavier ones are busy. IPVS gives a tie to the first in the list, who would then get
/// every session of a service that has one at a time; here those who tie take turns, as in <c>wlc</c>.
/// </remarks>
internal sealed class ShortestExpectedDelayScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "sed", "the backend with the fewest sessions for its weight, the new one counted", SchedulerTraits.ByLoad,
        static (candidates, memory, _) => new ShortestExpectedDelayScheduler(candidates, memory));

    // Immutable.
    private readonly LeastRatio _least = new(candidates, memory, joining: 1);

    public string Name => "sed";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => _least.Next(in tried);
}
