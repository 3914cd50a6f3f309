namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The order in which one session tries backends: the scheduler's preference, lazily, never the same one twice.
/// A mutable struct that lives in the session.
/// </summary>
public struct SchedulePick
{
    private readonly IScheduler _scheduler;
    private readonly FlowKey _flow;
    private TriedSet _tried;

    /// <summary>Starts the order of <paramref name="scheduler"/> for <paramref name="flow"/>.</summary>
    public SchedulePick(IScheduler scheduler, in FlowKey flow)
    {
        _scheduler = scheduler;
        _flow = flow;
    }

    /// <summary>Number of candidates named so far.</summary>
    public readonly int Count => _tried.Count;

    /// <summary>Puts a candidate first that something else chose (affinity); the scheduler goes on after it.</summary>
    public void Prefer(int index) => _tried.Add(index);

    /// <summary>Takes back a candidate that was named and found full: it was not tried, and may be named again.</summary>
    public void Withdraw(int index) => _tried.Remove(index);

    /// <summary>Whether a candidate was named.</summary>
    public readonly bool Contains(int index) => _tried.Contains(index);

    /// <summary>The next candidate's index. False when none is left or <see cref="TriedSet.Capacity"/> are named.</summary>
    public bool MoveNext(long nowMs, out int index)
    {
        index = _tried.Count < TriedSet.Capacity ? _scheduler.Next(in _flow, in _tried, nowMs) : -1;
        if (index < 0)
        {
            return false;
        }

        _tried.Add(index);
        return true;
    }
}
