using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Lab.Simulation;

/// <summary>How sessions end, and the slots that requests live in.</summary>
internal sealed partial class World
{
    private readonly Stack<Attempt> _spare = new();
    private Request[] _all = new Request[64];
    private int _slots;
    private int _free = -1;
    private int _inFlight;

    /// <summary>The session is over: gives everything back.</summary>
    private void Finish(int slot, bool succeeded)
    {
        ref var request = ref _all[slot];
        request.Stamp++;
        if (request.Attempt is { } attempt)
        {
            LeaveQueue(ref request, attempt);
            Spare(ref request);
        }
        else
        {
            Report(in request, succeeded);
        }

        Release(ref request);
        if (_hasLimits)
        {
            _entrances[slot].LeaveAll(request.Balancer.Service);
            _entrances[slot] = default;
        }

        _recorder.End(in request, succeeded, Time.Now);
        _inFlight--;
        if (request.User >= 0 && Time.Now < _end)
        {
            Think(request.User);
        }

        if (request.Phase == Phase.Waiting)
        {
            request.Phase = Phase.GivenUp;
        }
        else
        {
            Free(slot);
        }
    }

    /// <summary>Tells the scheduler what the session met, as <see cref="SessionSamples"/> does.</summary>
    private void Report(in Request request, bool succeeded)
    {
        const long VainLeast = 1_000_000, VainMost = 5_000_000;
        var scheduler = request.Scheduler!;
        var samples = scheduler.Samples;
        var micros = (Time.Now - request.Connected) / 1000;
        if ((samples & SchedulerSamples.FirstByteTime) != 0 && (succeeded || micros >= VainLeast))
        {
            scheduler.Observe(request.Index, SchedulerSamples.FirstByteTime, succeeded ? micros : Math.Min(micros, VainMost), Time.NowMs);
        }

        if ((samples & SchedulerSamples.Bytes) != 0 && succeeded && _scenario.AnswerBytes > 0)
        {
            scheduler.Observe(request.Index, SchedulerSamples.Bytes, _scenario.AnswerBytes, Time.NowMs);
        }
    }

    private static void Release(ref Request request)
    {
        if (request.Backend is { } backend)
        {
            request.Backend = null;
            backend.Release();
            request.Balancer.Service.Queue.Offer();
        }
    }

    private void Spare(ref Request request)
    {
        var attempt = request.Attempt!;
        request.Attempt = null;
        attempt.Failed?.Clear();
        attempt.Queued = 0;
        _spare.Push(attempt);
    }

    private Server ServerOf(Backend backend) => Servers[Server.IdOf(backend.Address)];

    private int Take()
    {
        _inFlight++;
        var slot = _free;
        if (slot >= 0)
        {
            _free = _all[slot].Next;
            return slot;
        }

        if (_slots == _all.Length)
        {
            Array.Resize(ref _all, _slots * 2);
        }

        if (_hasLimits && _entrances.Length < _all.Length)
        {
            Array.Resize(ref _entrances, _all.Length);
        }

        return _slots++;
    }

    private void Free(int slot)
    {
        ref var request = ref _all[slot];
        request.Phase = Phase.Free;
        request.Server = null;
        request.Next = _free;
        _free = slot;
    }
}
