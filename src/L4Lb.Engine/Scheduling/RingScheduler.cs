namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>ring</c>: ketama, consistent hashing on a ring of points (Karger et al., STOC 1997), with the points and the hash of
/// nginx's <c>hash $remote_addr consistent</c>: who moves from there takes the mapping of clients along.
/// O(log points).
/// </summary>
/// <remarks>
/// The ring is laid out by full weights, so while a candidate is down or full nobody else's clients move; its own go to
/// the next point, as in nginx. Shares are rough: with 160 points each, a standard deviation of 8 %.
/// </remarks>
internal sealed class RingScheduler : IScheduler
{
    private const string Points = "points";

    /// <summary>With one in ten open, one pick in a trillion is decided by the list instead.</summary>
    private const int MostSteps = 256;

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "ring", "the client's address decides, by the ketama ring of nginx's hash … consistent",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.Consistent,
        static (candidates, _, parameters) => new RingScheduler(candidates, parameters))
    {
        Parameters =
        [
            HashKey.Parameter,
            SchedulerParameterDefinition.Number(
                Points, "points on the ring for each unit of weight; nginx has 160", KetamaRing.StandardPoints, 1, 10_000),
        ],
    };

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly KetamaRing _ring;
    private readonly string _hashOn;

    private RingScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _candidates = candidates;
        _ring = new KetamaRing(candidates, parameters.Number(Points));
        _hashOn = parameters.Text(HashKey.Parameter.Name);
    }

    public string Name => "ring";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_ring.Count == 0)
        {
            return -1;
        }

        Span<byte> text = stackalloc byte[ClientText.MostBytes];
        text = text[..ClientText.Write(HashKey.Of(in flow, _hashOn), text)];
        var hash = Crc32.Finish(Crc32.Update(Crc32.Start, text));
        var point = _ring.PointAt(hash);
        for (var step = 0; step < MostSteps; step++)
        {
            var index = _ring.OwnerOf(point);
            if (_candidates.CanTake(index, in tried) && _candidates[index].Keeps(hash))
            {
                return index;
            }

            point = point + 1 == _ring.Count ? 0 : point + 1;
        }

        return _candidates.NextOpen(_ring.OwnerOf(point), in tried);
    }
}
