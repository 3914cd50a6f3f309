namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>dh</c>: the address that the client addressed decides, by a table of 256 buckets in which all candidates have one in
/// turn, whatever their weights (Linux net/netfilter/ipvs/ip_vs_dh.c). O(1).
/// </summary>
/// <remarks>
/// It refuses as <c>sh</c> does; see <see cref="SourceHashingScheduler"/>. IPVS has no flag against that here; ours is
/// <c>dh-fallback</c>.
/// </remarks>
internal sealed class DestinationHashingScheduler : IScheduler
{
    private const string Fallback = "dh-fallback";

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "dh", "the address that the client addressed decides, by the kernel's table of 256 buckets",
        SchedulerTraits.ByHash | SchedulerTraits.MayRefuse,
        static (candidates, _, parameters) => new DestinationHashingScheduler(candidates, parameters))
    {
        Parameters = [SchedulerParameterDefinition.Flag(Fallback, "go on to another backend instead of refusing")],
    };

    // Immutable.
    private readonly HashBuckets _buckets;
    private readonly bool _falls;

    private DestinationHashingScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _buckets = new HashBuckets(candidates, static _ => 1);
        _falls = parameters.Flag(Fallback);
    }

    public string Name => "dh";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) =>
        _buckets.Next(KernelHash.Fold(flow.Listen with { Port = 0 }), in tried, _falls || tried.Count > 0);
}
