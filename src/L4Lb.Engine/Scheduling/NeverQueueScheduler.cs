namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>nq</c>: the first idle candidate in list order, however light; when nobody is idle, as <c>sed</c> (Linux
/// net/netfilter/ipvs/ip_vs_nq.c). O(n).
/// </summary>
/// <remarks>
/// List order among the idle is the kernel's rule and kept: it leaves nobody waiting, and as soon as two sessions overlap
/// the next one has its share. A service with one session at a time uses its first backend only. Those who are busy and
/// tie take turns, as in <c>sed</c>.
/// </remarks>
internal sealed class NeverQueueScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "nq", "the first idle backend, or the one with the shortest expected delay", SchedulerTraits.ByLoad,
        static (candidates, memory, _) => new NeverQueueScheduler(candidates, memory));

    // Immutable.
    private readonly LeastRatio _least = new(candidates, memory, joining: 1);

    public string Name => "nq";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Load.Active == 0 && candidates.CanTake(i, in tried))
            {
                return i;
            }
        }

        return _least.Next(in tried);
    }
}
