using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>
/// One backend under observation: has it checked, lets the gates judge, and puts their joint verdict in force. Monitor's
/// loop only, but for the alarm of its sessions.
/// </summary>
internal sealed class BackendHealth
{
    private readonly HealthContext _context;
    private readonly ServiceHealth _service;
    private readonly OutlierGate _outlier = new();
    private readonly DueItem _ejectionEnd;

    // What is asked, to tell when it changes.
    private (ProbeSpec? Probe, ProxyProtocolVersion Prefix) _asked;
    private AgentSpec? _askedAgent;
    private OutlierSpec? _askedOutlier;

    private Check? _probe;
    private Check? _agentCheck;
    private RiseFallGate? _gate;
    private string? _probeReason;
    private AgentState _agent = AgentState.Silent;
    private string? _ejection;
    private ConnectVolume _seen;
    private long _upSinceMs;
    private double _growth = 1;

    internal BackendHealth(HealthContext context, ServiceHealth service, Backend backend)
    {
        (_context, _service, Backend) = (context, service, backend);
        _ejectionEnd = new DueItem(EndEjection);
    }

    internal Backend Backend { get; }

    internal bool IsEjected => _outlier.IsEjected;

    /// <summary>It has not yet grown to its full weight.</summary>
    internal bool Grows => _growth < 1;

    private ServiceSpec Spec => _service.Spec;

    /// <summary>
    /// Takes a new spec of the service into account: what is asked as before goes on as before, and a question that
    /// changed is put anew with the answer so far still in force. Returns the checks that begin.
    /// </summary>
    internal IEnumerable<Check> Follow()
    {
        List<Check> begun = [.. FollowProbe(), .. FollowAgent()];
        FollowOutlier();
        if (Spec.Health.SlowStart is null)
        {
            _growth = 1;
        }

        Refresh();
        return begun;
    }

    /// <summary>It is new in a service that others serve already: it grows to its weight.</summary>
    internal void BeginGrowth()
    {
        _upSinceMs = _context.Clock.NowMs;
        _growth = 1;
        Grow();
    }

    /// <summary>Gives it the share of its weight that its age allows.</summary>
    internal void Grow()
    {
        if (Spec.Health.SlowStart is { } slowStart)
        {
            _growth = SlowStart.Factor(slowStart, TimeSpan.FromMilliseconds(_context.Clock.NowMs - _upSinceMs));
            _service.ExpectGrowth();
            Refresh();
        }
    }

    /// <summary>Looks no longer; what was found out is forgotten.</summary>
    internal void Stop()
    {
        _probe?.Stop();
        _agentCheck?.Stop();
        _ejectionEnd.Cancel();
        _askedOutlier = null; // An alarm may be on its way.
        Backend.Connects.Watch(0, null);
        if (Backend.IsRemoved)
        {
            Backend.Health = HealthVerdict.Unchecked;
        }
        else if (Backend.Health != HealthVerdict.Unchecked)
        {
            _context.Publish(Spec, Backend, HealthVerdict.Unchecked);
        }
    }

    /// <summary>Ejects it, as the service allows.</summary>
    internal void Eject(OutlierSpec spec, string reason)
    {
        _context.Schedule(_ejectionEnd, _outlier.Eject(spec));
        _ejection = reason;
        Backend.Checks = Backend.Checks with { Ejections = Backend.Checks.Ejections + 1 };
        Refresh();
    }

    /// <summary>An interval of the passive detection is over. Returns the connects that it had.</summary>
    internal ConnectVolume EndInterval()
    {
        _outlier.Decay();
        var all = ConnectsSoFar();
        var volume = new ConnectVolume(all.Succeeded - _seen.Succeeded, all.Failed - _seen.Failed);
        _seen = all;
        return volume;
    }

    private ConnectVolume ConnectsSoFar() => new(Backend.Connects.Succeeded, Backend.Connects.Failed);

    private IEnumerable<Check> FollowProbe()
    {
        var asked = (Spec.Health.Probe, Spec.ProxyProtocol.Send);
        if (asked == _asked)
        {
            return [];
        }

        _asked = asked;
        _probe?.Stop();
        if (asked.Probe is not { } spec)
        {
            (_probe, _gate, _probeReason) = (null, null, null);
            return [];
        }

        _gate = new RiseFallGate(spec.Rise, spec.Fall, _gate?.State ?? HealthState.Unchecked);
        _probe = new Check(_context.Runner, _context.Probes(spec), ProbeTarget.Of(Spec, Backend.Address, spec.Port))
        {
            Interval = spec.Interval,
            Timeout = spec.Timeout,
            IsProgram = spec.Kind == ProbeKind.Exec,
            Finished = OnProbed,
        };
        return [_probe];
    }

    private IEnumerable<Check> FollowAgent()
    {
        if (Spec.Health.Agent == _askedAgent)
        {
            return [];
        }

        _askedAgent = Spec.Health.Agent;
        _agentCheck?.Stop();
        if (_askedAgent is not { } spec)
        {
            (_agentCheck, _agent) = (null, AgentState.Silent);
            return [];
        }

        var target = ProbeTarget.Of(Spec, Backend.Address, spec.Port) with { Prefix = default };
        _agentCheck = new Check(_context.Runner, new AgentProbe(spec), target)
        {
            Interval = spec.Interval,
            Timeout = spec.Timeout,
            Finished = OnAnswered,
        };
        return [_agentCheck];
    }

    private void FollowOutlier()
    {
        if (Spec.Health.Outlier == _askedOutlier)
        {
            return;
        }

        _askedOutlier = Spec.Health.Outlier;
        _seen = ConnectsSoFar();
        Backend.Connects.Watch(_askedOutlier?.ConsecutiveFailures ?? 0, () => _context.Post(OnAlarm));

        // Sessions have not waited until somebody listened.
        _context.Post(OnAlarm);
        if (_askedOutlier is null && IsEjected)
        {
            _ejectionEnd.Cancel();
            EndEjection();
        }
    }

    private void OnProbed(ProbeResult result)
    {
        var status = new CheckStatus(result.Code, result.Words, result.Duration, _context.Clock.UtcNow);
        var history = Backend.Checks;
        var hasFailed = result.Outcome == ProbeOutcome.Failed;
        Backend.Checks = history with { Done = history.Done + 1, Failed = history.Failed + (hasFailed ? 1 : 0), Last = status };
        if (result.Outcome != ProbeOutcome.Unknown && _gate!.Observe(!hasFailed) is var inARow and > 0)
        {
            _probeReason = $"{status}, {inARow} {(inARow == 1 ? "check" : "checks")} {(hasFailed ? "failed" : "passed")}";
            Refresh();
        }

        ScheduleNext(_probe!, CheckPace.After(Spec.Health.Probe!, _gate!));
    }

    private void OnAnswered(ProbeResult result)
    {
        var status = new CheckStatus(result.Code, result.Words, result.Duration, _context.Clock.UtcNow);

        // An agent that cannot be reached says nothing: whether the backend can be is for the checks to find out.
        if (result.Outcome == ProbeOutcome.Passed)
        {
            var reply = AgentReply.Parse(result.Words!);
            status = status with
            {
                Code = reply.IsUp == false ? CheckCode.L7STS : reply.IsUseful ? CheckCode.L7OK : CheckCode.L7RSP,
            };
            _agent = _agent.After(reply);
            Refresh();
        }

        Backend.Checks = Backend.Checks with { LastOfAgent = status };
        ScheduleNext(_agentCheck!, _agentCheck!.Interval);
    }

    private void OnAlarm()
    {
        // A success since then takes the alarm back.
        var failed = Backend.Connects.FailedInARow;
        if (_askedOutlier is { ConsecutiveFailures: > 0 } spec && failed >= spec.ConsecutiveFailures)
        {
            _service.TryEject(this, spec, $"{failed} connects in a row failed");
        }
    }

    private void EndEjection()
    {
        _outlier.Return();
        _ejection = null;
        Backend.Connects.Forgive();
        Refresh();
    }

    private void ScheduleNext(Check check, TimeSpan interval)
    {
        var jittered = CheckPace.Jittered(interval, _context.Chance());
        _context.Due.Schedule(check.Due, Math.Max(_context.Clock.NowMs, check.StartedMs + (long)jittered.TotalMilliseconds));
    }

    private void Refresh()
    {
        var before = Backend.Health;
        var (state, reason) = JointVerdict.Of((_gate?.State ?? HealthState.Unchecked, _probeReason), _agent, _ejection);
        var verdict = before with
        {
            State = state,
            Reason = reason,
            SinceUtc = state == before.State ? before.SinceUtc : _context.Clock.UtcNow,
            Drains = _agent.Order == AgentOrder.Drain,
            MaxSessions = _agent.MaxSessions,
            WeightFactor = _agent.Weight * _growth,
        };
        if (verdict.IsUsable && !before.IsUsable && Spec.Health.SlowStart is { } slowStart)
        {
            _upSinceMs = _context.Clock.NowMs;
            _growth = SlowStart.Factor(slowStart, TimeSpan.Zero);
            _service.ExpectGrowth();
            verdict = verdict with { WeightFactor = _agent.Weight * _growth };
        }

        if (verdict != before)
        {
            _context.Publish(Spec, Backend, verdict);
        }
    }
}
