using System.Diagnostics;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>
/// Has the services compiled anew whose backends' verdicts changed, all that changed meanwhile in one go, and then ends
/// the sessions of those that fell. Monitor's loop only.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="due">Where the next publication is put down.</param>
/// <param name="post">Runs something on the monitor's loop.</param>
/// <param name="republish">Compiles services anew.</param>
/// <param name="reset">Ends the sessions of a backend.</param>
internal sealed class Republisher(
    HealthClock clock,
    DueQueue due,
    Action<Action> post,
    Func<IEnumerable<ServiceKey>, ValueTask> republish,
    Action<Backend> reset)
{
    /// <summary>
    /// Least time between two publications, in milliseconds. The first change is published at once; when a rack fails,
    /// its thousand backends are found out one by one, and compiling is work that grows with the service.
    /// </summary>
    internal const long PauseMs = 50;

    private readonly HashSet<ServiceKey> _marked = [];
    private readonly List<Backend> _fallen = [];
    private DueItem? _next;
    private long _lastMs = -PauseMs;

    /// <summary>A publication is under way.</summary>
    internal bool IsRunning { get; private set; }

    /// <summary>Has <paramref name="service"/> compiled anew soon.</summary>
    internal void Mark(ServiceKey service)
    {
        _marked.Add(service);
        Arm();
    }

    /// <summary>Ends the sessions of <paramref name="backend"/> once no new ones go there.</summary>
    internal void Reset(Backend backend)
    {
        _fallen.Add(backend);
        Arm();
    }

    private void Arm()
    {
        _next ??= new DueItem(Publish);
        if (!IsRunning && !_next.IsScheduled)
        {
            due.Schedule(_next, Math.Max(clock.NowMs, _lastMs + PauseMs));
        }
    }

    private void Publish()
    {
        IsRunning = true;
        ServiceKey[] services = [.. _marked];
        Backend[] fallen = [.. _fallen];
        _marked.Clear();
        _fallen.Clear();
        _ = PublishAsync(services, fallen);
    }

    private async Task PublishAsync(ServiceKey[] services, Backend[] fallen)
    {
        try
        {
            await republish(services);
            Array.ForEach(fallen, reset);
        }
        catch (Exception e)
        {
            Debug.Fail(e.ToString());
        }

        post(Finish);
    }

    private void Finish()
    {
        IsRunning = false;
        _lastMs = clock.NowMs;
        if (_marked.Count + _fallen.Count > 0)
        {
            Arm();
        }
    }
}
