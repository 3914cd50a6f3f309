namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>rr</c>: every candidate in turn. One counter for all shards, so the round is exact over the whole process.
/// As IPVS (Linux net/netfilter/ipvs/ip_vs_rr.c), weights other than 0 do not matter.
/// </summary>
internal sealed class RoundRobinScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "rr", "every backend in turn", SchedulerTraits.None,
        static (candidates, memory, _) => new RoundRobinScheduler(candidates, memory));

    // Immutable.
    private readonly int[] _ring = candidates.PickableIndices();

    public string Name => "rr";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var ring = _ring;
        if (ring.Length == 0)
        {
            return -1;
        }

        // A retry takes a turn of its own. Were it to walk on from the turn of the failed try instead, the successor
        // of a dead backend would get that one's whole share on top of its own.
        var slot = (int)(memory.NextTurn() % (uint)ring.Length);
        for (var step = Math.Min(ring.Length, tried.Count + 1); step > 0; step--)
        {
            var index = ring[slot];
            if (!tried.Contains(index))
            {
                return index;
            }

            slot = slot + 1 == ring.Length ? 0 : slot + 1;
        }

        return -1;
    }
}
