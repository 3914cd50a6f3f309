namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>hrw</c>: highest random weight, or rendezvous hashing (Thaler, Ravishankar: "Using name-based mappings to increase
/// hit rates", IEEE/ACM ToN 6, 1998), weighted: every candidate draws h in (0, 1) by a hash of itself and the client and
/// scores -w / ln h; the highest score wins. Shares are exactly in proportion in expectation, a candidate that leaves
/// moves its own clients only, and nothing is compiled. O(n).
/// </summary>
/// <remarks>
/// Among candidates of one weight the highest hash has the highest score, so the logarithm is taken once for each weight,
/// not once for each candidate.
/// </remarks>
internal sealed class RendezvousScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "hrw", "the client's address decides, by the highest of one hash for each backend",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.Consistent,
        static (candidates, _, parameters) => new RendezvousScheduler(candidates, parameters))
    {
        Parameters = [HashKey.Parameter],
    };

    // Immutable.
    private readonly Group[] _groups;
    private readonly string _hashOn;

    private RendezvousScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _hashOn = parameters.Text(HashKey.Parameter.Name);
        _groups =
        [
            .. from index in candidates.PickableIndices()
               group index by candidates[index].Weight into same
               orderby same.Key
               select new Group(same.Key, [.. same], candidates),
        ];
    }

    public string Name => "hrw";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        var hash = FlowHash.Of(HashKey.Of(in flow, _hashOn));
        var (best, cost) = (-1, double.PositiveInfinity);
        foreach (var group in _groups)
        {
            var (index, highest) = group.Highest(hash, in tried);
            if (index < 0)
            {
                continue;
            }

            // The least -ln h / w instead of the greatest -w / ln h, which has no value for h = 1.
            var own = -Math.Log(FlowHash.Fraction(highest) + double.Epsilon) / group.Weight;
            if (own < cost)
            {
                (best, cost) = (index, own);
            }
        }

        return best;
    }

    /// <summary>Candidates of one weight.</summary>
    private sealed class Group(int weight, int[] indices, Candidate[] candidates)
    {
        private readonly ulong[] _names = Array.ConvertAll(indices, i => FlowHash.Of(candidates[i].Address));

        internal int Weight => weight;

        /// <summary>Who of those that may be named draws the highest hash; -1 when none may.</summary>
        internal (int Index, ulong Hash) Highest(ulong flow, in TriedSet tried)
        {
            var (best, highest) = (-1, 0UL);
            var names = _names;
            for (var i = 0; i < names.Length; i++)
            {
                var hash = XxHash64.Avalanche(flow ^ names[i]);
                if ((hash > highest || best < 0) && candidates.CanTake(indices[i], in tried))
                {
                    (best, highest) = (indices[i], hash);
                }
            }

            return (best, highest);
        }
    }
}
