namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>fo</c>: the heaviest candidate that is open, the first in the list of equals; the next heaviest stands by (Linux
/// net/netfilter/ipvs/ip_vs_fo.c). O(1) while the heaviest is open.
/// </summary>
internal sealed class FailoverScheduler(Candidate[] candidates) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "fo", "the heaviest backend; the others stand by", SchedulerTraits.Packs,
        static (candidates, _, _) => new FailoverScheduler(candidates));

    // Immutable.
    private readonly int[] _heaviestFirst = candidates.HeaviestFirst();

    public string Name => "fo";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        foreach (var index in _heaviestFirst)
        {
            if (candidates.CanTake(index, in tried))
            {
                return index;
            }
        }

        return -1;
    }
}
