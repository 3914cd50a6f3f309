namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>chbl</c>: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, arXiv 1608.01350): the client's
/// own backend, unless that has more than its fair share times <c>balance</c>; then the next in an order that the client's
/// hash decides. O(1) expected: with balance b, a pick meets b / (b - 1) candidates or fewer on average.
/// </summary>
/// <remarks>
/// Each next one is drawn by hashing again rather than taken from the neighbour in the table: neighbours would overflow
/// one after the other (Chen, Coleman, Shrivastava: "Revisiting Consistent Hashing with Bounded Loads", arXiv 1908.08762,
/// which is what Envoy does). The ceiling is ⌈b × (m + 1) × w / W⌉ with m sessions of the service now, at least 1. Two
/// shards that pick in one moment may go one over it each.
/// </remarks>
internal sealed class BoundedLoadScheduler : IScheduler
{
    private const string Balance = "balance";

    /// <summary>Draws before the list is asked, which happens when almost everybody is at the ceiling or closed.</summary>
    private const int MostHashes = 64;

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "chbl", "the client's address decides, but nobody gets more than its share of the sessions times a factor",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.Consistent | SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new BoundedLoadScheduler(candidates, memory, parameters))
    {
        Parameters =
        [
            HashKey.Parameter,
            SchedulerParameterDefinition.Real(Balance, "most sessions of a backend, as a multiple of its fair share", 1.25, 1.01, 100),
            MaglevScheduler.SizeParameter,
        ],
    };

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly SchedulerMemory _memory;
    private readonly int[] _slots;
    private readonly double[] _shares;
    private readonly string _hashOn;

    private BoundedLoadScheduler(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        _candidates = candidates;
        _memory = memory;
        _slots = MaglevTable.Fill(candidates, MaglevScheduler.SizeFor(candidates, parameters));
        _hashOn = parameters.Text(HashKey.Parameter.Name);
        var total = candidates.Sum(static candidate => (double)candidate.Weight);
        _shares = Array.ConvertAll(candidates, candidate => parameters.Real(Balance) * candidate.Weight / total);
    }

    public string Name => "chbl";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_slots.Length == 0)
        {
            return -1;
        }

        var hash = FlowHash.Of(HashKey.Of(in flow, _hashOn));
        var sessions = _memory.Total.Active + 1;
        for (var attempt = 0; attempt < MostHashes; attempt++)
        {
            var again = attempt == 0 ? hash : FlowHash.Again(hash, attempt);
            var index = _slots[FlowHash.Below(again, _slots.Length)];
            if (_candidates.CanTake(index, in tried) && HasRoom(index, sessions) && _candidates[index].Keeps(hash))
            {
                return index;
            }
        }

        return WithRoomOrLeastLoaded(FlowHash.Below(hash, _candidates.Length), sessions, in tried);
    }

    /// <summary>Most sessions that candidate <paramref name="index"/> may have when the service has so many.</summary>
    internal int Ceiling(int index, int sessions) => Math.Max(1, (int)Math.Ceiling(_shares[index] * sessions));

    private bool HasRoom(int index, int sessions) => _candidates[index].Load.Active < Ceiling(index, sessions);

    /// <summary>
    /// The first with room from <paramref name="start"/> on. When the tried and the closed ones leave nobody with room,
    /// the one that is least over: it is still better than refusing.
    /// </summary>
    private int WithRoomOrLeastLoaded(int start, int sessions, in TriedSet tried)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var step = 0; step < _candidates.Length; step++)
        {
            var index = (start + step) % _candidates.Length;
            if (!_candidates.CanTake(index, in tried))
            {
                continue;
            }

            if (HasRoom(index, sessions))
            {
                return index;
            }

            var load = _candidates[index].Load.Active / _shares[index];
            (best, least) = load < least ? (index, load) : (best, least);
        }

        return best;
    }
}
