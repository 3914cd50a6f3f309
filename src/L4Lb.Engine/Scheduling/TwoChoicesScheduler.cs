namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>twos</c>: two candidates drawn in proportion to weights, the same one twice included, and of them the one with fewer
/// sessions for its weight; the first drawn when they tie (Linux net/netfilter/ipvs/ip_vs_twos.c; Mitzenmacher, Richa,
/// Sitaraman: "The power of two random choices", 2001). O(log n).
/// </summary>
/// <remarks>
/// The kernel draws from 0 to the sum W of weights inclusive, so the first in the list, whose weight is w, is drawn with
/// probability (w + 1) / (W + 1). <c>unbiased</c> draws below W. While somebody drawn is full or was tried, the draw is
/// repeated among those that are left, which reads all: O(n).
/// </remarks>
internal sealed class TwoChoicesScheduler : IScheduler
{
    private const string Unbiased = "unbiased";

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "twos", "of two random backends the one with fewer sessions for its weight", SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new TwoChoicesScheduler(candidates, memory, parameters))
    {
        Parameters = [SchedulerParameterDefinition.Flag(Unbiased, "without the kernel's small bias to the first backend")],
    };

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly SchedulerMemory _memory;
    private readonly WeightedLine _line;
    private readonly bool _isBiased;

    private TwoChoicesScheduler(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        _candidates = candidates;
        _memory = memory;
        _line = new WeightedLine(Array.ConvertAll(candidates, static candidate => candidate.Weight));
        _isBiased = !parameters.Flag(Unbiased);
    }

    public string Name => "twos";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_line.Length == 0)
        {
            return -1;
        }

        var (one, two) = (_line.IndexAt(Point(_line.Length)), _line.IndexAt(Point(_line.Length)));
        if (!_candidates.CanTake(one, in tried) || !_candidates.CanTake(two, in tried))
        {
            var open = _candidates.OpenWeight(in tried);
            if (open == 0)
            {
                return -1;
            }

            one = _candidates.AtOpenWeight(Point(open), in tried);
            two = _candidates.AtOpenWeight(Point(open), in tried);
        }

        return one < 0 || (two >= 0 && IsLighter(two, one)) ? two : one;
    }

    /// <summary>A random point below <paramref name="length"/>: with the bias, 0 has two chances.</summary>
    private long Point(long length) =>
        _isBiased ? Math.Max(0, (long)_memory.NextRandom((ulong)length + 1) - 1) : (long)_memory.NextRandom((ulong)length);

    private bool IsLighter(int one, int other) =>
        (long)_candidates[one].Load.Active * _candidates[other].Weight < (long)_candidates[other].Load.Active * _candidates[one].Weight;
}
