namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>p2c</c>: draws some backends by weight and takes the one with the fewest active sessions per weight. With two
/// draws the busiest of n backends is already only about ln ln n / ln 2 sessions above the average, whatever the load
/// (Azar, Broder, Karlin, Upfal, "Balanced Allocations", STOC 1994; Mitzenmacher, 1996; Berenbrink et al., 2000), and
/// who acts at the same time on the same loads does not act alike, as all do who compare everybody.
/// </summary>
internal sealed class PowerOfChoicesScheduler(IChooser chooser) : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "p2c", "of two random backends the one with fewer sessions for its weight",
        SchedulerTraits.Weighted | SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new PowerOfChoicesScheduler(
            IChooser.Create(candidates, memory, parameters, default(SessionsPerWeightCost))))
    {
        Parameters = [IChooser.Choices],
    };

    public string Name => "p2c";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => chooser.Next(in tried, nowMs);
}
