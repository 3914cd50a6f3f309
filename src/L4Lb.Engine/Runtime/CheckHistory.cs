namespace L4Lb.Engine.Runtime;

/// <summary>What was checked of a backend so far, for whoever asks. Immutable; replaced as a whole by the health monitor.</summary>
/// <param name="Done">Active checks done.</param>
/// <param name="Failed">Active checks that failed.</param>
/// <param name="Ejections">Times that it was ejected.</param>
/// <param name="Last">The last active check; null before the first.</param>
/// <param name="LastOfAgent">The last question to its agent; null before the first.</param>
internal sealed record CheckHistory(long Done, long Failed, long Ejections, CheckStatus? Last, CheckStatus? LastOfAgent)
{
    /// <summary>Nothing yet.</summary>
    internal static CheckHistory Empty { get; } = new(0, 0, 0, null, null);
}
