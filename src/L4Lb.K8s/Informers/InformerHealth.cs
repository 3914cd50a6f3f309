using L4Lb.K8s.Client;

namespace L4Lb.K8s.Informers;

/// <summary>
/// Remembers how an informer fares, and says it to people when it matters. Written by the informer's task, read by any thread.
/// </summary>
internal sealed class InformerHealth(string resource, TimeProvider time, IInformerLog log)
{
    // Any thread.
    private volatile Phase _phase = new(InformerPhase.Syncing, time.GetUtcNow(), null);
    private volatile int _lists;
    private long _lastEventTicks;

    // The informer's task only.
    private int _failures;
    private (int Code, string Reason) _told;
    private long _failingSince;
    private string? _relistReason;

    /// <summary>How it is.</summary>
    public InformerStatus Status(int objects)
    {
        var phase = _phase;
        var ticks = Volatile.Read(ref _lastEventTicks);
        return new(
            resource, phase.Name, phase.Since, phase.Problem, objects, _lists,
            ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    /// <summary>The watch said something.</summary>
    public void Heard()
    {
        Volatile.Write(ref _lastEventTicks, time.GetUtcNow().UtcTicks);
        Recover();
    }

    /// <summary>All objects were read.</summary>
    public void Listed(int objects, int changes, TimeSpan took)
    {
        _lists++;
        log.Listed(resource, objects, changes, took, _lists == 1 ? null : _relistReason);
        _relistReason = null;
        Recover();
    }

    /// <summary>All objects have to be read again.</summary>
    public void Relist(string reason)
    {
        _relistReason = reason;
        Enter(InformerPhase.Syncing);
    }

    /// <summary>The server does not know the kind.</summary>
    public void NotServed()
    {
        if (_phase.Name != InformerPhase.NotServed)
        {
            log.NotServed(resource);
        }

        Forgive();
        Enter(InformerPhase.NotServed);
    }

    /// <summary>The server did not answer, or refused.</summary>
    public void Failed(ApiStatus status)
    {
        if (_failures++ == 0)
        {
            _failingSince = time.GetTimestamp();
        }

        _relistReason = status.Message;
        Enter(InformerPhase.Failing, status.Message);
        if (_failures > 1 && _told != (status.Code, status.Reason))
        {
            _told = (status.Code, status.Reason);
            log.Failing(resource, status.Message);
        }
    }

    private void Recover()
    {
        if (_phase.Name != InformerPhase.Watching)
        {
            Forgive();
            Enter(InformerPhase.Watching);
        }
    }

    private void Forgive()
    {
        if (_told != default)
        {
            log.Recovered(resource, time.GetElapsedTime(_failingSince));
        }

        _failures = 0;
        _told = default;
    }

    private void Enter(InformerPhase name, string? problem = null)
    {
        if (_phase.Name != name || _phase.Problem != problem)
        {
            _phase = new(name, _phase.Name == name ? _phase.Since : time.GetUtcNow(), problem);
        }
    }

    private sealed record Phase(InformerPhase Name, DateTimeOffset Since, string? Problem);
}
