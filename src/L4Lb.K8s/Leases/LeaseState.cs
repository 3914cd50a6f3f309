using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>
/// What a candidate knows of a lease, and what follows from it. No I/O and no clock: it is told what came when, by a clock of its
/// own that only has to run evenly. Not safe for several threads.
/// </summary>
/// <remarks>
/// Why two never hold it at once: the holder counts from the moment at which it sent a renewal that succeeded, a candidate from the
/// later one at which it first saw it. A candidate's write succeeds only if the version is still the one that it has seen that
/// long: then there was no later renewal. No clocks are compared, and neither lost nor late answers matter.
/// </remarks>
internal sealed class LeaseState
{
    private readonly LeaseOptions _options;
    private readonly LeaseTerms _terms;
    private readonly Func<double> _dice;

    // What was seen last, null when there was none, and when it was seen first. A renewal is a change.
    private Lease? _lease;
    private bool _isMissing;
    private TimeSpan _changedAt;

    // As holder.
    private bool _isHolder;
    private TimeSpan _confirmedAt;
    private TimeSpan _renewAt;

    // As anybody.
    private bool _mustRead = true;
    private bool _mayBeWritten;
    private TimeSpan _readAt;
    private TimeSpan _notBefore;
    private int _conflicts;

    // Once per version, whoever lost sight of the server waits anew: see Seen.
    private bool _lostSight;
    private bool _waitsAnew;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="options">Which lease, who wants it, and how.</param>
    /// <param name="dice">Dice between 0 and 1.</param>
    public LeaseState(LeaseOptions options, Func<double> dice)
    {
        (_options, _terms, _dice) = (options, options.Terms, dice);
        if (_terms.Problem is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    /// <summary>Who holds it, as far as is known; empty for nobody.</summary>
    public string Holder => _lease?.Holder ?? "";

    /// <summary>How often it went to another holder.</summary>
    public int Transitions => _lease?.Transitions ?? 0;

    /// <summary>What the server said to the last request that came to nothing; null when it was answered.</summary>
    public ApiStatus? Problem { get; private set; }

    /// <summary>Until when it is certainly ours, if it is.</summary>
    public TimeSpan HeldUntil => _confirmedAt + _terms.RenewDeadline;

    /// <summary>Where we stand.</summary>
    public LeaseStanding Standing(TimeSpan now) =>
        !_isHolder ? LeaseStanding.Candidate
        : now < HeldUntil ? LeaseStanding.Held
        : LeaseStanding.Unconfirmed;

    /// <summary>What to do now. Asked again after each answer, and when a wait is over or cut short.</summary>
    /// <param name="now">By our own clock.</param>
    /// <param name="utc">By the clock on the wall, for people who look at the Lease.</param>
    public LeaseStep Next(TimeSpan now, DateTimeOffset utc)
    {
        if (now < _notBefore)
        {
            return Wait(_notBefore);
        }

        if (_mustRead)
        {
            return new(LeaseAct.Read, now, null);
        }

        if (_isHolder)
        {
            return now < _renewAt ? Wait(_renewAt) : Claim(utc);
        }

        var free = FreeAt(now);
        return free <= now ? Claim(utc)
            : _readAt <= now ? new(LeaseAct.Read, now, null)
            : Wait(free < _readAt ? free : _readAt);
    }

    /// <summary>What to do to give back what we have, or may have without knowing; a wait when there is nothing more to do.</summary>
    public LeaseStep NextOfRelease(DateTimeOffset utc) =>
        Holder != _options.Identity && !_mayBeWritten ? Wait(TimeSpan.MaxValue)
        : Holder != _options.Identity || _mustRead ? new(LeaseAct.Read, default, null)
        : new(LeaseAct.Replace, default, _lease! with { Holder = "", Duration = TimeSpan.FromSeconds(1), RenewTime = utc });

    /// <summary>A read was answered.</summary>
    public void Seen(Lease lease, TimeSpan now)
    {
        if (!IsKnown(lease))
        {
            Change(lease, now);
        }
        else if (_lostSight && !_waitsAnew)
        {
            // A server that was away was so for its holder too, who is to have a chance to renew before all others are upon it.
            _changedAt = now;
            _waitsAnew = true;
        }

        _lease = lease;
        _isHolder &= lease.Holder == _options.Identity;
        _mayBeWritten = false;
        Answered(now);
    }

    /// <summary>A write succeeded.</summary>
    /// <param name="lease">What it is now.</param>
    /// <param name="sent">When the request was sent.</param>
    /// <param name="now">Now.</param>
    public void Written(Lease lease, TimeSpan sent, TimeSpan now)
    {
        Change(lease, now);
        _isHolder = lease.Holder == _options.Identity;
        _mayBeWritten = false;
        _confirmedAt = sent;
        _renewAt = sent + Pause();
        Answered(now);
    }

    /// <summary>A step came to nothing.</summary>
    public void Failed(LeaseAct act, ApiStatus status, TimeSpan now)
    {
        Problem = status;
        if (status.IsNotFound && act is not LeaseAct.Create)
        {
            Vanished(now);
        }
        else if (status.IsConflict && act is not LeaseAct.Read)
        {
            // Somebody was faster, or only touched it. Who that was is to be known at once, the first time.
            _mayBeWritten = false;
            _mustRead = true;
            _notBefore = _conflicts++ == 0 ? now : now + Pause();
        }
        else
        {
            _lostSight = true;
            _mayBeWritten |= act is not LeaseAct.Read && status.Code is 0 or >= 500;
            _mustRead |= !_isHolder;
            _notBefore = now + Patience(status, now);
        }
    }

    /// <summary>Nobody waits for the answer to a step any more.</summary>
    public void Abandoned(LeaseAct act)
    {
        _mayBeWritten |= act is not LeaseAct.Read;
        _mustRead = true;
    }

    /// <summary>
    /// Somebody who follows Leases saw it, null when it is gone; maybe later than we saw something newer. So it tells a holder no
    /// more than to look for itself.
    /// </summary>
    /// <returns>Whether there may be something to do sooner than was said.</returns>
    public bool Watched(Lease? lease, TimeSpan now)
    {
        var seen = lease?.Holder ?? "";
        var known = _isHolder ? _options.Identity : Holder;
        if (_isHolder || lease is null)
        {
            _mustRead |= seen != known;
        }
        else if (!IsKnown(lease))
        {
            Change(lease, now);
        }

        return seen != known;
    }

    private static LeaseStep Wait(TimeSpan until) => new(LeaseAct.Wait, until, null);

    private LeaseStep Claim(DateTimeOffset utc)
    {
        var isOurs = _lease?.Holder == _options.Identity;
        var claim = (_lease ?? Missing()) with
        {
            Holder = _options.Identity,
            Duration = TimeSpan.FromSeconds(Math.Ceiling(_terms.Duration.TotalSeconds)),
            AcquireTime = (isOurs ? _lease!.AcquireTime : null) ?? utc,
            RenewTime = utc,
            Transitions = Transitions + (isOurs || _lease is null ? 0 : 1),
        };
        return new(_lease is null ? LeaseAct.Create : LeaseAct.Replace, default, claim);
    }

    private Lease Missing() => new()
    {
        Metadata = new() { Name = _options.Name.Name, Namespace = _options.Name.Namespace, Labels = _options.Labels },
    };

    // When the lease is to be taken if nothing changes.
    private TimeSpan FreeAt(TimeSpan now)
    {
        if (Holder == _options.Identity)
        {
            return now;
        }

        var delay = _options.Delay();
        if (delay == Timeout.InfiniteTimeSpan)
        {
            return TimeSpan.MaxValue;
        }

        // What a holder has promised counts, not what we would have.
        var promised = Holder.Length == 0 ? TimeSpan.Zero
            : _lease!.Duration is { } duration && duration > TimeSpan.Zero ? duration
            : _terms.Duration;
        return _changedAt + promised + delay;
    }

    private bool IsKnown(Lease lease) =>
        _lease is not null
        && lease.Metadata.ResourceVersion == _lease.Metadata.ResourceVersion
        && lease.Metadata.Uid == _lease.Metadata.Uid;

    private void Change(Lease? lease, TimeSpan now)
    {
        _lease = lease;
        _isMissing = lease is null;
        _changedAt = now;
        _waitsAnew = false;
        _conflicts = 0;
    }

    private void Vanished(TimeSpan now)
    {
        if (!_isMissing)
        {
            Change(null, now);
        }

        _isHolder = false;
        _mayBeWritten = false;
        Answered(now);
    }

    private void Answered(TimeSpan now)
    {
        Problem = null;
        _lostSight = false;
        _mustRead = false;
        _readAt = now + (_options.Watch is null ? Pause() : _lease?.Duration ?? _terms.Duration);
    }

    private TimeSpan Pause() => _terms.RetryPeriod * (1 + ((LeaseTerms.Jitter - 1) * _dice()));

    // A server may ask to be left alone, but a holder that is to be one tomorrow has to try a few times before its deadline.
    private TimeSpan Patience(ApiStatus status, TimeSpan now)
    {
        var own = Pause();
        var asked = status.RetryAfter ?? TimeSpan.Zero;
        if (Standing(now) == LeaseStanding.Held && asked > (HeldUntil - now) / 2)
        {
            asked = (HeldUntil - now) / 2;
        }

        return own > asked ? own : asked;
    }
}
