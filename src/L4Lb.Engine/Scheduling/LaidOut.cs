namespace L4Lb.Engine.Scheduling;

/// <summary>
/// A table with what it was laid out by, kept in the <see cref="SchedulerMemory"/>: a scheduler that is compiled because a
/// backend went down, came back or has another part of its weight takes it over and costs O(n). For the control plane.
/// </summary>
/// <typeparam name="T">The table: immutable, a function of addresses, full weights and one number.</typeparam>
internal sealed class LaidOut<T>
    where T : class
{
    private Candidate[] _candidates = [];
    private int _number;
    private T? _table;

    /// <summary>The table for <paramref name="candidates"/>, laid out anew when it is not the one from before.</summary>
    /// <param name="memory">Where it is kept.</param>
    /// <param name="candidates">Whose addresses and full weights decide.</param>
    /// <param name="number">What else decides, such as its size.</param>
    /// <param name="lay">Lays it out.</param>
    internal static T Get(SchedulerMemory memory, Candidate[] candidates, int number, Func<Candidate[], int, T> lay)
    {
        var kept = memory.Keep(static () => new LaidOut<T>());
        if (kept._table is null || kept._number != number || !IsSame(kept._candidates, candidates))
        {
            (kept._table, kept._candidates, kept._number) = (lay(candidates, number), candidates, number);
        }

        return kept._table;
    }

    private static bool IsSame(Candidate[] one, Candidate[] other)
    {
        var isSame = one.Length == other.Length;
        for (var i = 0; isSame && i < one.Length; i++)
        {
            isSame = one[i].Address == other[i].Address && one[i].FullWeight == other[i].FullWeight;
        }

        return isSame;
    }
}
