namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>rr</c>: every candidate in turn. One counter for all shards, so the round is exact over the whole process.
/// As IPVS (Linux net/netfilter/ipvs/ip_vs_rr.c), weights other than 0 do not matter. O(1) while nobody is full.
/// </summary>
/// <remarks>
/// Whoever is full or was tried loses the turn, and the pick takes another one: the round goes on behind it, as in
/// IPVS. Were the pick to walk on from the lost turn instead, the successor would get its neighbour's whole share on
/// top of its own.
/// </remarks>
internal sealed class RoundRobinScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "rr", "every backend in turn", SchedulerTraits.None,
        static (candidates, memory, _) => new RoundRobinScheduler(candidates, memory));

    /// <summary>
    /// Turns that one pick may take. Behind a longer run of full backends it walks: shards that fight for the counter
    /// cost more than a share that is a little uneven.
    /// </summary>
    private const int MostTurns = 32;

    // Immutable.
    private readonly int[] _ring = candidates.PickableIndices();

    public string Name => "rr";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var ring = _ring;
        var index = 0;
        for (var turns = Math.Min(ring.Length, MostTurns); turns > 0; turns--)
        {
            index = ring[(int)(memory.NextTurn() % (uint)ring.Length)];
            if (candidates.CanTake(index, in tried))
            {
                return index;
            }
        }

        return candidates.NextOpen(index, in tried);
    }
}
