namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>ovf</c>: the heaviest candidate until it has more sessions than its weight, then the next heaviest; equals in list
/// order (Linux net/netfilter/ipvs/ip_vs_ovf.c). O(n) in the worst case, O(1) while the heaviest has room.
/// </summary>
/// <remarks>
/// The kernel compares with "more than", so each holds weight + 1 sessions; and when all do, it refuses the next, which is
/// kept. A retry goes to the heaviest that is left even then: the session was let in already, and the backend that should
/// have had it is down.
/// </remarks>
internal sealed class OverflowScheduler(Candidate[] candidates) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "ovf", "the heaviest backend until it has more sessions than its weight, then the next",
        SchedulerTraits.Packs | SchedulerTraits.ByLoad | SchedulerTraits.MayRefuse,
        static (candidates, _, _) => new OverflowScheduler(candidates));

    // Immutable.
    private readonly int[] _heaviestFirst = candidates.HeaviestFirst();

    public string Name => "ovf";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var heaviest = -1;
        foreach (var index in _heaviestFirst)
        {
            if (!candidates.CanTake(index, in tried))
            {
                continue;
            }

            if (candidates[index].Load.Active <= candidates[index].Weight)
            {
                return index;
            }

            heaviest = heaviest < 0 ? index : heaviest;
        }

        return tried.Count > 0 ? heaviest : -1;
    }
}
