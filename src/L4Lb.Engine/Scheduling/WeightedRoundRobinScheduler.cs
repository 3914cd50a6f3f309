namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>wrr</c>: turns in proportion to weights, in the sequence of IPVS (Linux net/netfilter/ipvs/ip_vs_wrr.c): rounds
/// with a bar that falls from the greatest weight by the common divisor, each round taking in list order those who
/// reach the bar. Weights 4, 3, 2 give A, A B, A B C, A B C.
/// </summary>
/// <remarks>
/// IPVS walks list and bar under a lock, up to the whole list for one pick. Here the turn alone decides: rounds with
/// the same members form a tier, and the pick computes which member of which tier has that turn. So a pick costs one
/// atomic add and O(log n) reads, whatever the weights, and needs no state but the count of turns. That count goes on
/// over a reload: the new cycle is entered at an arbitrary place, since always entering at its head would favour the
/// head of the list by every reload. Whoever is full loses the turn to the next one of the sequence, as in IPVS.
/// </remarks>
internal sealed class WeightedRoundRobinScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "wrr", "turns in proportion to weights, in the kernel's order", SchedulerTraits.Weighted,
        static (candidates, memory, _) => new WeightedRoundRobinScheduler(candidates, memory));

    /// <summary>Turns that one pick may take while it meets full backends; see <see cref="RoundRobinScheduler"/>.</summary>
    private const int MostTurns = 32;

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly SchedulerMemory _memory;
    private readonly int[] _indices;
    private readonly WaveletMatrix _heaviestFirst;
    private readonly Tier[] _tiers;
    private readonly ulong _cycleTurns;

    public WeightedRoundRobinScheduler(Candidate[] candidates, SchedulerMemory memory)
    {
        _candidates = candidates;
        _memory = memory;
        _indices = candidates.PickableIndices();
        int[] weights = [.. _indices.Select(i => candidates[i].Weight)];
        int[] heaviestFirst = [.. Enumerable.Range(0, weights.Length).OrderByDescending(slot => weights[slot])];
        _heaviestFirst = new WaveletMatrix(heaviestFirst);
        (_tiers, _cycleTurns) = CompileTiers([.. heaviestFirst.Select(slot => weights[slot])]);
    }

    public string Name => "wrr";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_tiers.Length == 0)
        {
            return -1;
        }

        var (tier, member, index) = (0, 0, 0);
        for (var turns = MostTurns; turns > 0; turns--)
        {
            var turn = _memory.NextTurn() % _cycleTurns;
            tier = TierOf(turn);
            member = (int)((turn - _tiers[tier].FirstTurn) % (uint)_tiers[tier].Members);
            index = IndexOf(member, _tiers[tier].Members);
            if (_candidates[index].IsOpen)
            {
                return tried.Contains(index) ? NextPeer(tier, member, in tried) : index;
            }
        }

        return _candidates.NextOpen(index, in tried);
    }

    /// <summary>
    /// Who comes after a tried one: the others who reach the bar, in list order, then those of lower bars. Every tier
    /// has more members than the one above, so both loops need no more steps than were tried, unless somebody is full.
    /// </summary>
    private int NextPeer(int tier, int member, in TriedSet tried)
    {
        var index = 0;
        for (var end = Math.Min(_tiers.Length, tier + tried.Count + 1); tier < end; tier++, member = 0)
        {
            var members = _tiers[tier].Members;
            for (var step = Math.Min(members, tried.Count + 1); step > 0; step--)
            {
                index = IndexOf(member, members);
                if (_candidates.CanTake(index, in tried))
                {
                    return index;
                }

                member = member + 1 == members ? 0 : member + 1;
            }
        }

        return _candidates.NextOpen(index, in tried);
    }

    /// <summary>Sums up the rounds from the weights in descending order.</summary>
    private static (Tier[] Tiers, ulong CycleTurns) CompileTiers(int[] weights)
    {
        var divisor = weights.Aggregate(0, GreatestCommonDivisor);
        var tiers = new List<Tier>();
        var turn = 0UL;
        for (var i = 0; i < weights.Length; i++)
        {
            var lower = i + 1 < weights.Length ? weights[i + 1] : 0;
            if (weights[i] > lower)
            {
                tiers.Add(new Tier(turn, i + 1));
                turn += (ulong)((weights[i] - lower) / divisor) * (uint)(i + 1);
            }
        }

        return ([.. tiers], turn);
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>Index of the candidate that is number <paramref name="member"/> of the heaviest, in list order.</summary>
    private int IndexOf(int member, int members) =>
        _indices[members == _indices.Length ? member : _heaviestFirst.SmallestOfFirst(members, member)];

    private int TierOf(ulong turn)
    {
        int low = 0, high = _tiers.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = _tiers[middle].FirstTurn <= turn ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Consecutive rounds with the same members: the <paramref name="Members"/> heaviest.</summary>
    private readonly record struct Tier(ulong FirstTurn, int Members);
}
