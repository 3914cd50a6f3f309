using L4Lb.Engine.Limits;
using L4Lb.Engine.Sessions;

namespace L4Lb.Lab.Simulation;

/// <summary>What a session does for which there is no room: as <see cref="Session"/> and <see cref="QueueTicket"/>, on the engine's queue.</summary>
internal sealed partial class World
{
    private readonly Queue<QueuedSession> _turns = new();

    /// <summary>There is no connection, and will be none but for room that others make.</summary>
    private void GiveUpOrQueue(int slot)
    {
        ref var request = ref _all[slot];
        var attempt = request.Attempt!;
        var limits = attempt.Snapshot.Spec.Limits;
        if (limits.QueueLength == 0 || !attempt.IsFull)
        {
            Finish(slot, succeeded: false);
            return;
        }

        var service = request.Balancer.Service;
        if (_hasLimits)
        {
            _entrances[slot].Leave(service);
        }

        var place = attempt.Place = new QueuedSession(_turns, slot);
        if (!service.Queue.TryJoin(place, limits.QueueLength, out _))
        {
            attempt.Place = null;
            Finish(slot, succeeded: false);
            return;
        }

        attempt.QueuedAt = Time.Now;
        _heap.Push(Time.Now + VirtualTime.Of(limits.QueueTimeout) - attempt.Queued, EventKind.QueueTimeout, slot, ++request.Stamp);
    }

    private void OnQueueTimeout(int slot, int stamp)
    {
        if (_all[slot].Stamp == stamp)
        {
            Finish(slot, succeeded: false);
        }
    }

    private void TakeTurns()
    {
        while (_turns.TryDequeue(out var place))
        {
            if (_all[place.Slot].Attempt is { } attempt && attempt.Place == place)
            {
                TryStart(place, attempt);
            }
        }
    }

    private void TryStart(QueuedSession place, Attempt attempt)
    {
        ref var request = ref _all[place.Slot];
        var (service, balancer) = (request.Balancer.Service, request.Balancer);
        (attempt.Snapshot, attempt.Pool) = (balancer.Snapshot, balancer.Pool);
        if (attempt.Pool.IsEmpty)
        {
            Finish(place.Slot, succeeded: false);
            return;
        }

        if (_hasLimits && !_entrances[place.Slot].TryEnter(service, attempt.Snapshot))
        {
            service.Queue.Yield(place, passes: false);
            return;
        }

        Choose(attempt);
        Reservation.Exclude(attempt.Failed, attempt.Pool, ref attempt.Pick, ref attempt.Preferred);
        attempt.Waits = attempt.Affinity.IsKept;
        if (TryReserve(ref request, attempt))
        {
            attempt.IsReserved = true;
            LeaveQueue(ref request, attempt);
            request.Stamp++;
            Connect(place.Slot);
            return;
        }

        if (_hasLimits)
        {
            _entrances[place.Slot].StepBack(service);
        }

        if (attempt.IsFull)
        {
            service.Queue.Yield(place, attempt.Snapshot.HasRoom());
        }
        else
        {
            Finish(place.Slot, succeeded: false);
        }
    }

    private void LeaveQueue(ref Request request, Attempt attempt)
    {
        if (attempt.Place is { } place)
        {
            attempt.Place = null;
            attempt.Queued += Time.Now - attempt.QueuedAt;
            request.Balancer.Service.Queue.Leave(place);
        }
    }
}

/// <summary>A session's place in its service's queue: its turn comes when what happens now is over.</summary>
internal sealed class QueuedSession(Queue<QueuedSession> turns, int slot) : QueuePlace
{
    internal int Slot => slot;

    internal override void OnTurn() => turns.Enqueue(this);
}
