namespace L4Lb.Engine.Scheduling;

/// <summary>What schedulers compile their tables from.</summary>
internal static class CandidateExtensions
{
    /// <summary>Indices of the candidates that may be picked, in list order: those with a weight above 0.</summary>
    public static int[] PickableIndices(this Candidate[] candidates) =>
        [.. Enumerable.Range(0, candidates.Length).Where(i => candidates[i].Weight > 0)];

    /// <summary>The same, the heaviest first; equals in list order.</summary>
    public static int[] HeaviestFirst(this Candidate[] candidates) =>
        [.. candidates.PickableIndices().OrderByDescending(i => candidates[i].Weight)];
}
