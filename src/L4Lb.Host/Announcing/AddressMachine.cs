using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Decides about one address: when it is asked for, taken, told, kept and given up. It does no I/O and has no clock; whoever
/// drives it gives it what happened and the time in milliseconds, and calls <see cref="Tick"/> by <see cref="NextMs"/>.
/// </summary>
/// <remarks>
/// Two holders of one address exist only while they cannot hear each other. A lease that is held keeps others away. One that
/// ran out unconfirmed is worth what the wire says: its holder yields to whoever claims the address, and to whoever probes
/// for it as one does who is about to take it. The newcomer's first probe is answered by the old holder's kernel, so it is
/// the probes after that which count. And an address that nobody keeps alive leaves the kernel by itself.
/// </remarks>
internal sealed class AddressMachine(
    IPAddress address, AnnounceTiming timing, bool isExclusive, IAddressPort port, Func<double> chance)
{
    private const long Never = long.MaxValue;

    // Long ago, and yet not so long that a difference overflows.
    private const long LongAgo = long.MinValue / 2;

    private AddressPermission _permission;
    private LeaseState _lease;

    // What comes next by itself: of the state, of the kernel's address, of the announcements.
    private long _stepMs = Never;
    private long _refreshMs = Never;
    private long _announceMs = Never;

    // Probing.
    private int _silent;
    private int _answered;
    private bool _isAnswered;

    // Having it.
    private long _takenMs;
    private long _putMs;
    private int _announced;
    private long _defendedMs = LongAgo;
    private long _probedMs = LongAgo;

    // Conflicts.
    private long _backOffMs;
    private HardwareAddress _told;
    private long _toldMs = LongAgo;

    /// <summary>The address.</summary>
    public IPAddress Address => address;

    /// <summary>What is done about it.</summary>
    public AddressState State { get; private set; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; private set; } = "nothing was asked yet";

    /// <summary>Since when.</summary>
    public long SinceMs { get; private set; }

    /// <summary>Whether the kernel has it from us.</summary>
    public bool IsHeld => State is AddressState.Holding or AddressState.Unconfirmed or AddressState.Leaving;

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public long NextMs => Math.Min(_stepMs, Math.Min(_refreshMs, _announceMs));

    /// <summary>What may be done about the address from now on.</summary>
    public void Allow(AddressPermission permission, string reason, long nowMs)
    {
        var before = _permission;
        if (permission == before)
        {
            return;
        }

        _permission = permission;
        if (permission == AddressPermission.Yes)
        {
            LetGo();
            Enter(AddressState.Waiting, "waits for the lease", nowMs);
            port.Want(address);
            return;
        }

        if (permission == AddressPermission.HandOver && IsHeld && timing.HandOverMs > 0)
        {
            _stepMs = nowMs + timing.HandOverMs;
            _announceMs = Never;
            Enter(AddressState.Leaving, reason, nowMs);
        }
        else
        {
            LetGo(); // Before the lease: the next holder is not to find it here.
            Enter(AddressState.Absent, reason, nowMs);
        }

        if (before == AddressPermission.Yes)
        {
            _lease = LeaseState.None;
            port.Release(address);
        }
    }

    /// <summary>The lease stands otherwise.</summary>
    public void Lease(in LeaseReport report, long nowMs)
    {
        if (_permission != AddressPermission.Yes)
        {
            return; // It was on its way when the lease was given back.
        }

        _lease = report.State;
        switch (State, report.State)
        {
            case (AddressState.Waiting, LeaseState.Held):
                BeginProbing(nowMs);
                break;
            case (AddressState.Waiting, _):
                Reason = report.Holder is { } holder ? $"{holder} has the lease" : "waits for the lease";
                break;
            case (AddressState.Holding, LeaseState.Unconfirmed):
                _stepMs = nowMs + timing.WatchMs;
                Enter(AddressState.Unconfirmed, "the lease cannot be renewed", nowMs);
                break;
            case (AddressState.Unconfirmed, LeaseState.Held):
                _stepMs = Never;
                Enter(AddressState.Holding, "the lease is renewed", nowMs);
                break;
            case (not AddressState.Absent, LeaseState.None):
                Yield(report.Holder is { } other ? $"{other} has the lease" : "the lease was lost", nowMs);
                break;
        }
    }

    /// <summary>Somebody else said something about the address.</summary>
    public void Hear(in Claim claim, long nowMs)
    {
        switch (State)
        {
            case AddressState.Probing when !_isAnswered:
                _isAnswered = true;
                _answered++;
                if (_answered >= timing.Probes)
                {
                    TellConflict(claim, nowMs);
                    BackOff($"{claim.Sender} has the address", nowMs);
                }

                break;

            // Who only asks is answered by the kernel.
            case AddressState.Holding when !claim.IsProbe:
                TellConflict(claim, nowMs);
                Defend(claim, nowMs);
                break;

            case AddressState.Unconfirmed when !claim.IsProbe || nowMs - _probedMs <= timing.ProbePairMs:
                Yield($"{claim.Sender} {(claim.IsProbe ? "is about to take" : "has")} the address", nowMs);
                break;
            case AddressState.Unconfirmed:
                _probedMs = nowMs;
                break;

            case AddressState.Leaving:
                LetGo();
                Enter(AddressState.Absent, $"handed over to {claim.Sender}", nowMs);
                break;
        }
    }

    /// <summary>The link was away for a moment: switches have forgotten where the address is.</summary>
    public void LinkReturned(long nowMs)
    {
        if (State is AddressState.Holding or AddressState.Unconfirmed)
        {
            BeginAnnouncing(nowMs);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long nowMs)
    {
        if (IsHeld)
        {
            Keep(nowMs);
        }
        else if (nowMs >= _stepMs && State == AddressState.Probing)
        {
            JudgeProbe(nowMs);
        }
        else if (nowMs >= _stepMs && State == AddressState.BackingOff)
        {
            BeginProbing(nowMs);
        }
    }

    private void BeginProbing(long nowMs)
    {
        (_silent, _answered) = (0, 0);
        if (timing.Probes == 0)
        {
            Take(nowMs);
            return;
        }

        Enter(AddressState.Probing, "asks whether anybody has the address", nowMs);
        Probe(nowMs);
    }

    private void Probe(long nowMs)
    {
        _isAnswered = false;
        _stepMs = nowMs + timing.ProbeMs;
        port.Probe(address);
    }

    private void JudgeProbe(long nowMs)
    {
        _silent = _isAnswered ? 0 : _silent + 1;
        if (_silent < timing.Probes)
        {
            Probe(nowMs);
        }
        else
        {
            Take(nowMs);
        }
    }

    private void Take(long nowMs)
    {
        if (port.Put(address) is { } problem)
        {
            BackOff(problem, nowMs);
            return;
        }

        _putMs = nowMs;
        _refreshMs = nowMs + timing.RefreshMs;
        var isConfirmed = _lease == LeaseState.Held;
        _stepMs = isConfirmed ? Never : nowMs + timing.WatchMs;
        Enter(
            isConfirmed ? AddressState.Holding : AddressState.Unconfirmed,
            isConfirmed ? "" : "the lease cannot be renewed",
            nowMs);
        BeginAnnouncing(nowMs);
    }

    private void Keep(long nowMs)
    {
        if (nowMs - _putMs >= timing.LifetimeMs)
        {
            // We slept for longer than the kernel keeps it: somebody else may have it by now.
            var isLeaving = State == AddressState.Leaving;
            LetGo();
            if (isLeaving)
            {
                Enter(AddressState.Absent, "handed over", nowMs);
            }
            else
            {
                BeginProbing(nowMs);
            }

            return;
        }

        if (State == AddressState.Leaving && nowMs >= _stepMs)
        {
            LetGo();
            Enter(AddressState.Absent, "nobody came for it", nowMs);
            return;
        }

        if (nowMs >= _refreshMs)
        {
            _refreshMs = nowMs + timing.RefreshMs;
            _putMs = port.Put(address) is null ? nowMs : _putMs;
        }

        if (nowMs >= _announceMs)
        {
            Announce(nowMs);
        }

        if (State == AddressState.Unconfirmed && nowMs >= _stepMs)
        {
            _stepMs = nowMs + Jittered(timing.WatchMs);
            port.Probe(address);
        }
    }

    private void Announce(long nowMs)
    {
        port.Announce(address);
        _announced++;
        _announceMs = _announced < timing.AnnounceAtMs.Count ? _takenMs + timing.AnnounceAtMs[_announced]
            : timing.AnnounceEveryMs > 0 ? nowMs + Jittered(timing.AnnounceEveryMs)
            : Never;
    }

    /// <summary>Announces the address as if it had just been taken, which is now.</summary>
    private void BeginAnnouncing(long nowMs)
    {
        (_takenMs, _announced) = (nowMs, 0);
        _announceMs = timing.AnnounceAtMs.Count > 0 ? nowMs + timing.AnnounceAtMs[0] : Never;
        if (nowMs >= _announceMs)
        {
            Announce(nowMs);
        }
    }

    /// <summary>Says once more that the address is ours; without a lease that proves it, only the first of two times.</summary>
    private void Defend(in Claim claim, long nowMs)
    {
        if (nowMs - _defendedMs >= (isExclusive ? timing.DefendByLeaseMs : timing.DefendMs))
        {
            _defendedMs = nowMs;
            port.Announce(address);
        }
        else if (!isExclusive)
        {
            BackOff($"{claim.Sender} has the address", nowMs);
        }
    }

    private void BackOff(string reason, long nowMs)
    {
        // After a time without conflicts it begins anew.
        var isNew = IsHeld && nowMs - _takenMs > timing.BackOffMostMs;
        _backOffMs = isNew || _backOffMs == 0 ? timing.BackOffMs : Math.Min(2 * _backOffMs, timing.BackOffMostMs);
        LetGo();

        // From half to one and a half: two who probed at the same time must not do so again.
        _stepMs = nowMs + (long)(_backOffMs * (0.5 + chance()));
        Enter(AddressState.BackingOff, reason, nowMs);
    }

    /// <summary>Gives the address up until the lease is held once more.</summary>
    private void Yield(string reason, long nowMs)
    {
        LetGo();
        Enter(AddressState.Waiting, reason, nowMs);
    }

    private void LetGo()
    {
        if (IsHeld)
        {
            port.Remove(address);
        }

        _stepMs = _refreshMs = _announceMs = Never;
    }

    private void TellConflict(in Claim claim, long nowMs)
    {
        if (claim.Sender != _told || nowMs - _toldMs >= timing.TellAgainMs)
        {
            (_told, _toldMs) = (claim.Sender, nowMs);
            port.TellConflict(address, claim);
        }
    }

    private void Enter(AddressState state, string reason, long nowMs)
    {
        var before = State;
        (State, Reason) = (state, reason);
        if (before != state)
        {
            SinceMs = nowMs;
            port.TellState(address, before, state, reason);
        }
    }

    // Ten percent more or less, so that what began together does not stay together.
    private long Jittered(long ms) => (long)(ms * (0.9 + (0.2 * chance())));
}
