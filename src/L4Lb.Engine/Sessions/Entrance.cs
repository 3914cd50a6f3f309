using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// What a session holds of its service: one of its sessions, and one of its source's. A mutable struct that lives in the
/// session; shard thread only.
/// </summary>
internal struct Entrance
{
    private SourceTable? _sources;
    private UInt128 _source;
    private bool _isInside;
    private bool _wasInside;

    /// <summary>Counts the session with its source, if those are limited; false when that is beyond its limits.</summary>
    internal bool TryPassSource(Service service, in AddressKey client, long nowMs)
    {
        var sources = service.Sources;
        if (sources is null)
        {
            return true;
        }

        if (!sources.TryEnter(client, nowMs, out _source))
        {
            return false;
        }

        _sources = sources;
        return true;
    }

    /// <summary>Counts the session with the service; false when there is no room. Nothing when it is counted.</summary>
    internal bool TryEnter(Service service, ServiceSnapshot snapshot)
    {
        _isInside = _isInside || service.TryEnter(snapshot.Spec.Limits.MaxSessions, _wasInside);
        _wasInside |= _isInside;
        return _isInside;
    }

    /// <summary>Gives the service's place back, because who waits for room holds none, or because the session is over.</summary>
    internal void Leave(Service service)
    {
        if (_isInside)
        {
            _isInside = false;
            service.Leave();
        }
    }

    /// <summary>The same at its turn in the queue, when there is no backend for it.</summary>
    internal void StepBack(Service service)
    {
        _isInside = false;
        service.StepBack();
    }

    /// <summary>The session is over.</summary>
    internal void LeaveAll(Service service)
    {
        Leave(service);
        _sources?.Leave(_source);
        _sources = null;
    }
}
