using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>
/// Competes for one lease and does something for as long as it holds it. It takes no thread: a process may have hundreds of them.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="options">Which lease, who wants it, and how.</param>
/// <param name="time">The clock.</param>
/// <param name="dice">Dice between 0 and 1 that spread requests.</param>
internal sealed class LeaseElector(IKubernetesApi api, LeaseOptions options, TimeProvider time, Func<double> dice) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LeaseState _state = new(options, dice); // Under the lock.
    private readonly Alarm _alarm = new(time);
    private readonly long _epoch = time.GetTimestamp();
    private volatile LeaseStatus _status = new(LeaseStanding.Candidate, time.GetUtcNow(), "", 0, null);

    /// <summary>
    /// The status changed. On the elector's own task: handlers note it and return. A holder whose renewals are not answered hears
    /// of it in time; what it then does is its own, unless it stops leading anyway.
    /// </summary>
    public event Action<LeaseStatus>? Changed;

    /// <summary>How it is. Any thread.</summary>
    public LeaseStatus Status => _status;

    /// <summary>How long the lease is certainly ours from now on without a further renewal; zero when it is not. Any thread.</summary>
    public TimeSpan HeldFor
    {
        get
        {
            lock (_lock)
            {
                var now = Now;
                return _state.Standing(now) == LeaseStanding.Held ? _state.HeldUntil - now : TimeSpan.Zero;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_epoch);

    private TimeSpan HeldUntil
    {
        get
        {
            lock (_lock)
            {
                return _state.HeldUntil;
            }
        }
    }

    /// <summary>Whoever should rather have the lease may have changed: the delay is asked for again. Any thread.</summary>
    public void Reconsider() => _alarm.Ring();

    /// <summary>
    /// Waits for the lease, leads, and waits again when it is lost; until <paramref name="lead"/> comes to an end of its own
    /// accord, or <paramref name="stop"/> is asked for. Then the lease is given back. Not twice at once.
    /// </summary>
    /// <param name="lead">
    /// What to do as holder, on the thread pool. Its token is cancelled when the lease is lost or no longer certain; the lease is
    /// neither competed for nor given back before it has returned. What it throws is thrown to the caller.
    /// </param>
    /// <param name="stop">The end.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        using var following = Follow();
        try
        {
            // Certainty that has run out once does not come back without a renewal.
            var ranOut = TimeSpan.MinValue;
            while (true)
            {
                do
                {
                    await TurnAsync(stop);
                }
                while (_status.Standing != LeaseStanding.Held || HeldUntil == ranOut);

                if (await LeadAsync(lead, stop))
                {
                    return;
                }

                ranOut = HeldUntil;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end, asked for.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _alarm.Dispose();

    /// <summary>Renews while <paramref name="lead"/> runs; returns whether that has ended of its own accord.</summary>
    private async Task<bool> LeadAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        // The deadline has a timer of its own: it is kept even by a request that does not care to be cancelled.
        using var tenure = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var stopping = stop.Register(tenure.Cancel);
        KeepDeadline(tenure);
        var leading = Task.Run(() => lead(tenure.Token), CancellationToken.None);
        var ended = EndWithAsync(leading, tenure);
        try
        {
            while (true)
            {
                await TurnAsync(tenure.Token);
                KeepDeadline(tenure);
            }
        }
        catch (OperationCanceledException) when (tenure.IsCancellationRequested)
        {
            Publish();
        }

        var isOwnAccord = await ended;
        try
        {
            await leading;
        }
        catch (OperationCanceledException) when (!isOwnAccord)
        {
            // As it was asked to.
        }

        stop.ThrowIfCancellationRequested();
        return isOwnAccord;
    }

    /// <summary>Ends the tenure when <paramref name="leading"/> has come to an end; returns whether nobody had asked it to.</summary>
    private static async Task<bool> EndWithAsync(Task leading, CancellationTokenSource tenure)
    {
        await leading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var isOwnAccord = !tenure.IsCancellationRequested;
        await tenure.CancelAsync();
        return isOwnAccord;
    }

    private void KeepDeadline(CancellationTokenSource tenure)
    {
        switch (_status.Standing)
        {
            case LeaseStanding.Held when options.LeadsUnconfirmed:
            case LeaseStanding.Unconfirmed when options.LeadsUnconfirmed:
                break;
            case LeaseStanding.Held:
                var left = HeldFor;
                tenure.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                break;
            default:
                tenure.Cancel();
                break;
        }
    }

    /// <summary>Does what is next, or waits for it, and says what has become of the lease.</summary>
    private async Task TurnAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LeaseStep step;
        TimeSpan until;
        lock (_lock)
        {
            var now = Now;
            step = _state.Next(now, time.GetUtcNow());

            // A wait ends when certainty does, so that it is told.
            until = _state.Standing(now) == LeaseStanding.Held && _state.HeldUntil < step.Until ? _state.HeldUntil : step.Until;
        }

        await (step.Act == LeaseAct.Wait ? _alarm.WaitAsync(until - Now, cancellation) : AskAsync(step, cancellation));
        Publish();
    }

    private async Task AskAsync(LeaseStep step, CancellationToken cancellation)
    {
        var sent = Now;
        using var patience = new CancellationTokenSource(Patience(sent), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var lease = await SendAsync(step, either.Token);
            lock (_lock)
            {
                if (step.Act == LeaseAct.Read)
                {
                    _state.Seen(lease, Now);
                }
                else
                {
                    _state.Written(lease, sent, Now);
                }
            }
        }
        catch (ApiException e)
        {
            Fail(step.Act, e.Status);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Fail(step.Act, new(0, ApiStatus.Unreachable, "no answer in time"));
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                _state.Abandoned(step.Act);
            }

            throw;
        }
    }

    private Task<Lease> SendAsync(LeaseStep step, CancellationToken cancellation) => step.Act switch
    {
        LeaseAct.Create => api.CreateAsync(Resources.Leases, options.Name.Namespace, LeaseJson.Write(step.Lease!), cancellation),
        LeaseAct.Replace => api.ReplaceAsync(Resources.Leases, options.Name, LeaseJson.Write(step.Lease!), cancellation),
        _ => api.GetAsync(Resources.Leases, options.Name, cancellation),
    };

    // A request that hangs must not cost the lease: there has to be time for another one. Nor is one waited for beyond the deadline.
    private TimeSpan Patience(TimeSpan now)
    {
        lock (_lock)
        {
            var patience = options.Terms.RenewDeadline / 2;
            var left = _state.HeldUntil - now;
            return _state.Standing(now) == LeaseStanding.Held && left < patience ? left : patience;
        }
    }

    private void Fail(LeaseAct act, ApiStatus status)
    {
        lock (_lock)
        {
            _state.Failed(act, status, Now);
        }
    }

    /// <summary>Takes our name out of the Lease, if it is there; what cannot be done soon is left to time.</summary>
    private async Task ReleaseAsync()
    {
        using var patience = new CancellationTokenSource(options.Terms.RenewDeadline / 2, time);
        try
        {
            // A renewal whose answer nobody waited for makes for a conflict, a look and another try.
            LeaseStep step;
            while ((step = NextOfRelease()).Act != LeaseAct.Wait)
            {
                await AskAsync(step, patience.Token);
                if (_state.Problem is { IsConflict: false })
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It runs out by itself.
        }

        Publish();
    }

    private LeaseStep NextOfRelease()
    {
        lock (_lock)
        {
            return _state.NextOfRelease(time.GetUtcNow());
        }
    }

    private Subscription? Follow()
    {
        if (options.Watch is not { } leases)
        {
            return null;
        }

        leases.Changed += Look;
        return new(() => leases.Changed -= Look);
    }

    private void Look(ObjectChange<Lease> change)
    {
        if (change.Name != options.Name)
        {
            return;
        }

        bool isNews;
        lock (_lock)
        {
            isNews = _state.Watched(change.After, Now);
        }

        if (isNews)
        {
            _alarm.Ring();
        }
    }

    private void Publish()
    {
        LeaseStatus status;
        lock (_lock)
        {
            var standing = _state.Standing(Now);
            var since = standing == _status.Standing ? _status.Since : time.GetUtcNow();
            status = new(standing, since, _state.Holder, _state.Transitions, _state.Problem?.Message);
        }

        if (status != _status)
        {
            _status = status;
            Changed?.Invoke(status);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
