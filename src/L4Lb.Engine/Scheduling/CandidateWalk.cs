namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The way out when the candidate that an algorithm wants is full or was tried. Every method but
/// <see cref="CanTake"/> reads all candidates, so schedulers that promise less ask here only after chance or turns
/// found nobody.
/// </summary>
internal static class CandidateWalk
{
    /// <summary>Whether candidate <paramref name="index"/> may be named: it is open and was not tried.</summary>
    public static bool CanTake(this Candidate[] candidates, int index, in TriedSet tried) =>
        candidates[index].IsOpen && !tried.Contains(index);

    /// <summary>The first that may be named from <paramref name="start"/> on, once around the list; -1 when none may.</summary>
    public static int NextOpen(this Candidate[] candidates, int start, in TriedSet tried)
    {
        for (var step = 0; step < candidates.Length; step++)
        {
            var index = start + step < candidates.Length ? start + step : start + step - candidates.Length;
            if (candidates.CanTake(index, in tried))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The sum of weights of those that may be named.</summary>
    public static long OpenWeight(this Candidate[] candidates, in TriedSet tried)
    {
        var sum = 0L;
        for (var i = 0; i < candidates.Length; i++)
        {
            sum += candidates.CanTake(i, in tried) ? candidates[i].Weight : 0;
        }

        return sum;
    }

    /// <summary>
    /// Who lies at <paramref name="point"/> when those that may be named lie side by side, each as long as its weight.
    /// One that fills up after <see cref="OpenWeight"/> shortens the line: a point past its end means the last.
    /// </summary>
    public static int AtOpenWeight(this Candidate[] candidates, long point, in TriedSet tried)
    {
        var last = -1;
        for (var i = 0; i < candidates.Length && point >= 0; i++)
        {
            if (candidates.CanTake(i, in tried))
            {
                last = i;
                point -= candidates[i].Weight;
            }
        }

        return last;
    }
}
