namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>rr</c>: every candidate in turn. One counter for all shards, so the round is exact over the whole process.
/// As IPVS (Linux net/netfilter/ipvs/ip_vs_rr.c), weights other than 0 do not matter.
/// </summary>
internal sealed class RoundRobinScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    private readonly int[] _ring = [.. Enumerable.Range(0, candidates.Length).Where(i => candidates[i].Weight > 0)];

    public string Name => "rr";

    public int Next(in FlowKey flow, in TriedSet tried)
    {
        var ring = _ring;
        if (ring.Length == 0)
        {
            return -1;
        }

        var start = (int)(memory.NextTurn() % (uint)ring.Length);
        for (var i = 0; i < ring.Length; i++)
        {
            var slot = start + i;
            var index = ring[slot < ring.Length ? slot : slot - ring.Length];
            if (!tried.Contains(index))
            {
                return index;
            }
        }

        return -1;
    }
}
