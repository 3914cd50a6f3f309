namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>random</c>: each pick independent, in proportion to weights. A retry draws from those that are left, still in
/// proportion. O(log n).
/// </summary>
/// <remarks>
/// Who is full is not known before it is drawn; then the draw is repeated, which leaves the proportions among the
/// others as they are. After <see cref="MostDraws"/> in vain most of the weight is full, and the sum over those that
/// are open is worth its O(n).
/// </remarks>
internal sealed class RandomScheduler(Candidate[] candidates, SchedulerMemory memory) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "random", "a random backend, in proportion to weights", SchedulerTraits.Weighted,
        static (candidates, memory, _) => new RandomScheduler(candidates, memory));

    /// <summary>With half of the weight full, one pick in 65,536 reads all candidates.</summary>
    private const int MostDraws = 16;

    // Immutable.
    private readonly WeightedLine _line = new(Array.ConvertAll(candidates, static candidate => candidate.Weight));

    public string Name => "random";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        Span<int> holes = stackalloc int[TriedSet.Capacity];
        holes = holes[..tried.CopySortedTo(holes)];
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var index = _line.Draw(memory, holes);
            if (index < 0 || candidates[index].IsOpen)
            {
                return index;
            }
        }

        var open = candidates.OpenWeight(in tried);
        return open == 0 ? -1 : candidates.AtOpenWeight((long)memory.NextRandom((ulong)open), in tried);
    }
}
