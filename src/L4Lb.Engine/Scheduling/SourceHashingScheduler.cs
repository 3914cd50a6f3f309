namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>sh</c>: the client's address decides, by a table of 256 buckets in which each candidate has as many as its weight
/// (Linux net/netfilter/ipvs/ip_vs_sh.c). O(1).
/// </summary>
/// <remarks>
/// As in IPVS, a client whose bucket belongs to a candidate that is full or has weight 0 is refused, unless
/// <c>sh-fallback</c> is given. A retry is not the first choice any more and falls back in any case: IPVS, which relays
/// packets, has no retry that could differ. The table follows the weights of the moment, so any change of one deals
/// most buckets anew; <c>mh</c> does not.
/// </remarks>
internal sealed class SourceHashingScheduler : IScheduler
{
    private const string Port = "sh-port";
    private const string Fallback = "sh-fallback";

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "sh", "the client's address decides, by the kernel's table of 256 buckets",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.MayRefuse,
        static (candidates, _, parameters) => new SourceHashingScheduler(candidates, parameters))
    {
        Parameters =
        [
            HashKey.Parameter,
            SchedulerParameterDefinition.Flag(Port, "the same as hash-on=source-port, by the kernel's name"),
            SchedulerParameterDefinition.Flag(Fallback, "go on to another backend instead of refusing"),
        ],
    };

    // Immutable.
    private readonly HashBuckets _buckets;
    private readonly string _hashOn;
    private readonly bool _falls;

    private SourceHashingScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _buckets = new HashBuckets(candidates, static candidate => candidate.Weight);
        _hashOn = parameters.Flag(Port) ? HashKey.SourcePort : parameters.Text(HashKey.Parameter.Name);
        _falls = parameters.Flag(Fallback);
    }

    public string Name => "sh";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) =>
        _buckets.Next(KernelHash.Fold(HashKey.Of(in flow, _hashOn)), in tried, _falls || tried.Count > 0);
}
