using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Lab.Simulation;

/// <summary>What a session does until it is connected: step for step what <see cref="Session"/> and <see cref="Connector"/> do.</summary>
internal sealed partial class World
{
    private readonly bool _hasLimits;
    private Entrance[] _entrances = [];

    private void Begin(long number, int client, int user, ulong chance)
    {
        var slot = Take();
        ref var request = ref _all[slot];
        request.Id = number;
        request.Start = Time.Now;
        request.Chance = chance;
        request.Client = client;
        request.User = user;
        request.Balancer = NextBalancer();
        request.Phase = Phase.Connecting;
        request.IsMeasured = Time.Now >= _startOfMeasure;
        _recorder.Begin(in request);
        ExpectPatience(slot, number);

        var attempt = request.Attempt = _spare.TryPop(out var spare) ? spare : new Attempt();
        var balancer = request.Balancer;
        var address = _trace?.AddressOf(number) ?? _clients.AddressOf(client, (ushort)(1024 + (number % 60000)));
        attempt.Flow = new FlowKey(address, balancer.Listen);
        attempt.Snapshot = balancer.Snapshot;
        attempt.Pool = balancer.Pool;
        attempt.Attempts = 0;
        attempt.IsReserved = attempt.IsFull = attempt.PreferredWasFull = false;
        attempt.Affinity = AffinityChoice.None;
        if (attempt.Pool.IsEmpty || !TryEnter(slot, attempt))
        {
            GiveUpOrQueue(slot);
            return;
        }

        Choose(attempt);
        Connect(slot);
    }

    /// <summary>Admits it; a newcomer goes behind those who wait already.</summary>
    private bool TryEnter(int slot, Attempt attempt)
    {
        if (!_hasLimits)
        {
            return true;
        }

        ref var entrance = ref _entrances[slot];
        var service = _all[slot].Balancer.Service;
        if (!entrance.TryPassSource(service, attempt.Flow.Client, Time.NowMs))
        {
            return false;
        }

        attempt.IsFull = (service.Queue.Count > 0 && attempt.Snapshot.Spec.Limits.QueueLength > 0)
            || !entrance.TryEnter(service, attempt.Snapshot);
        return !attempt.IsFull;
    }

    private void Choose(Attempt attempt)
    {
        attempt.Pick = new SchedulePick(attempt.Pool.Scheduler, attempt.Flow);
        attempt.Affinity = AffinityChoice.Make(attempt.Snapshot, attempt.Pool, attempt.Flow, ref attempt.Pick, Time.NowMs);
        attempt.Preferred = attempt.Affinity.Preferred;
    }

    /// <summary>Begins to try backends, within a budget of time.</summary>
    private void Connect(int slot)
    {
        var attempt = _all[slot].Attempt!;
        attempt.DeadlineMs = Time.NowMs + attempt.Snapshot.ConnectBudgetMs;
        attempt.Waits = attempt.Affinity.IsKept && attempt.Snapshot.Spec.Limits.QueueLength > 0;
        TryNext(slot);
    }

    /// <summary>Tries the next backend, and those after it while they fail at once.</summary>
    private void TryNext(int slot)
    {
        ref var request = ref _all[slot];
        var attempt = request.Attempt!;
        var timeouts = attempt.Snapshot.Spec.Timeouts;
        while (attempt.IsReserved || (attempt.Attempts < timeouts.ConnectAttempts && Time.NowMs < attempt.DeadlineMs))
        {
            if (!TryReserve(ref request, attempt))
            {
                break;
            }

            (attempt.Preferred, attempt.IsReserved) = (-1, false);
            var isLast = attempt.Pick.Count >= attempt.Pool.Count || attempt.Attempts + 1 >= timeouts.ConnectAttempts;
            var takes = Dial(ref request, attempt, isLast);
            if (takes > 0)
            {
                _heap.Push(Time.Now + takes, EventKind.ConnectEnds, slot, ++request.Stamp);
                return;
            }

            if (EndAttempt(slot))
            {
                return;
            }
        }

        GiveUpOrQueue(slot);
    }

    private bool TryReserve(ref Request request, Attempt attempt)
    {
        attempt.PreferredWasFull &= attempt.Preferred < 0;
        attempt.IsFull = false;
        if (attempt.IsReserved)
        {
            return true;
        }

        var taken = Reservation.Take(attempt.Pool, ref attempt.Pick, attempt.Preferred, attempt.Waits, Time.NowMs);
        attempt.IsFull = taken.IsFull;
        attempt.PreferredWasFull |= taken.PreferredWasFull;
        if (taken.Index < 0)
        {
            return false;
        }

        request.Index = taken.Index;
        request.Backend = attempt.Pool[taken.Index];
        request.Scheduler = attempt.Pool.Scheduler;
        request.Server = ServerOf(request.Backend);
        return true;
    }

    /// <summary>Begins to connect. Returns how long that takes, and leaves how it ends in the attempt.</summary>
    private long Dial(ref Request request, Attempt attempt, bool isLast)
    {
        var (snapshot, server) = (attempt.Snapshot, request.Server!);
        var leftMs = attempt.DeadlineMs - Time.NowMs;
        var timeoutsMs = snapshot.ConnectTimeoutsMs;
        var timeout = VirtualTime.PerMillisecond
            * (isLast ? leftMs : Math.Min(timeoutsMs[Math.Min(attempt.Attempts, timeoutsMs.Length - 1)], leftMs));
        if (++attempt.Attempts > 1)
        {
            _recorder.Retry(in request);
        }

        attempt.BegunAt = Time.Now;
        attempt.Answer = server.Answer;
        var takes = server.Group.Connect is { } connect
            ? VirtualTime.Of(connect.Of(_connects.At(((ulong)request.Id << 3) + (ulong)attempt.Attempts)))
            : 0;
        if (attempt.Answer == ConnectAnswer.None || takes > timeout)
        {
            (attempt.Answer, takes) = (ConnectAnswer.None, timeout);
        }

        if (attempt.Answer == ConnectAnswer.Accepted && takes > 0)
        {
            server.Connecting++;
        }

        return takes;
    }

    private void OnConnectEnds(int slot, int stamp)
    {
        ref var request = ref _all[slot];
        if (request.Stamp != stamp)
        {
            return;
        }

        if (request.Attempt!.Answer == ConnectAnswer.Accepted)
        {
            request.Server!.Connecting--;
        }

        if (!EndAttempt(slot))
        {
            TryNext(slot);
        }
    }

    /// <summary>A connect has ended. Returns whether the session goes on from there; otherwise the next backend is to be tried.</summary>
    private bool EndAttempt(int slot)
    {
        ref var request = ref _all[slot];
        var (attempt, backend, scheduler) = (request.Attempt!, request.Backend!, request.Scheduler!);
        if (attempt.Answer != ConnectAnswer.Refused && (scheduler.Samples & SchedulerSamples.ConnectTime) != 0)
        {
            scheduler.Observe(request.Index, SchedulerSamples.ConnectTime, (Time.Now - attempt.BegunAt) / 1000, Time.NowMs);
        }

        if (attempt.Answer == ConnectAnswer.Accepted)
        {
            backend.Connects.AddSuccess();
            attempt.Affinity.Settle(attempt.Snapshot, attempt.Flow, backend, attempt.PreferredWasFull, Time.NowMs);
            request.Connected = Time.Now;
            Spare(ref request);
            Join(slot);
            return true;
        }

        Release(ref request);
        _recorder.Fail(request.Server!);
        backend.Connects.AddFailure();
        (attempt.Failed ??= []).Add(backend);
        request.Balancer.RunPosted();
        ArmHealth(request.Balancer);
        return false;
    }
}
