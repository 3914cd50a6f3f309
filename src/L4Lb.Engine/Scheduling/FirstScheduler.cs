namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>first</c>: the first in the list that may take a session, as HAProxy's (src/lb_fas.c). It packs sessions onto few
/// backends so that the others can be switched off, and needs a bound on the sessions of each
/// (<c>backend-max-sessions</c>): without one the first gets everything. Weights other than 0 do not matter. A pick
/// passes over those that are full: O(n).
/// </summary>
internal sealed class FirstScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "first", "the first backend of the list that is not full", SchedulerTraits.ByLoad | SchedulerTraits.Packs,
        static (candidates, _, _) => new FirstScheduler(candidates));

    // Immutable.
    private readonly int[] _indices;
    private readonly BackendLoad[] _loads;

    public FirstScheduler(Candidate[] candidates)
    {
        _indices = candidates.PickableIndices();
        _loads = [.. _indices.Select(i => candidates[i].Load)];
    }

    public string Name => "first";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        for (var i = 0; i < _loads.Length; i++)
        {
            if (!_loads[i].IsFull && !tried.Contains(_indices[i]))
            {
                return _indices[i];
            }
        }

        return -1;
    }
}
