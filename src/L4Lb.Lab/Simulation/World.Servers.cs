using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Simulation;

/// <summary>What happens at the backends: a queue, and workers that take turns with it, first come first served.</summary>
internal sealed partial class World
{
    private readonly long _patience;
    private readonly Queue<(long Until, int Slot, long Id)> _waiters = new();

    private long NextPatience => _waiters.TryPeek(out var first) ? first.Until : long.MaxValue;

    /// <summary>A request has been connected.</summary>
    private void Join(int slot)
    {
        ref var request = ref _all[slot];
        var server = request.Server!;
        if (server.Crash == CrashWay.Refuses)
        {
            // It went down while the answer was on its way.
            _recorder.Fail(server);
            Finish(slot, succeeded: false);
            return;
        }

        _recorder.Join(server, in request, Time.Now);
        server.Count++;
        if (server.Busy < server.Group.Workers)
        {
            Serve(server, slot);
            return;
        }

        request.Phase = Phase.Waiting;
        request.Next = -1;
        if (server.Last >= 0)
        {
            _all[server.Last].Next = slot;
        }
        else
        {
            server.First = slot;
        }

        server.Last = slot;
    }

    private void Serve(Server server, int slot)
    {
        ref var request = ref _all[slot];
        var work = (_isReplay ? _trace!.WorkOf(request.Id) : server.Group.Work.Of(request.Chance)) * VirtualTime.PerSecond;
        if (server.Cache is not null && !server.Remembers(request.Client))
        {
            work *= server.Group.Cache!.MissFactor;
        }

        _recorder.Serve(in request, Time.Now);
        request.Phase = Phase.Serving;
        request.Work = work;
        request.Place = server.AddServing(slot);
        Proceed(ref request, slot, server.Rate);
    }

    /// <summary>From now on its work goes on at <paramref name="rate"/>.</summary>
    private void Proceed(ref Request request, int slot, double rate)
    {
        request.Since = Time.Now;
        request.Stamp++;
        if (rate > 0)
        {
            _heap.Push(Time.Now + (long)Math.Round(request.Work / rate), EventKind.Served, slot, request.Stamp);
        }
    }

    private void OnServed(int slot, int stamp)
    {
        ref var request = ref _all[slot];
        if (request.Stamp == stamp)
        {
            Leave(request.Server!, ref request);
            var server = request.Server!;
            Finish(slot, succeeded: true);
            ServeNext(server);
        }
    }

    /// <summary>A request that is served leaves its worker.</summary>
    private void Leave(Server server, ref Request request)
    {
        _recorder.Touch(server, Time.Now);
        server.Count--;
        var last = server.Serving[--server.Busy];
        server.Serving[request.Place] = last;
        _all[last].Place = request.Place;
    }

    private void ServeNext(Server server)
    {
        while (server.First >= 0 && server.Busy < server.Group.Workers)
        {
            var slot = server.First;
            ref var request = ref _all[slot];
            server.First = request.Next;
            if (server.First < 0)
            {
                server.Last = -1;
            }

            if (request.Phase == Phase.GivenUp)
            {
                Free(slot);
            }
            else
            {
                Serve(server, slot);
            }
        }
    }

    /// <summary>What is served there goes on at another rate than <paramref name="before"/>.</summary>
    private void ChangeRate(Server server, double before)
    {
        var rate = server.Rate;
        for (var i = 0; i < server.Busy; i++)
        {
            var slot = server.Serving[i];
            ref var request = ref _all[slot];
            request.Work = Math.Max(0, request.Work - ((Time.Now - request.Since) * before));
            Proceed(ref request, slot, rate);
        }
    }

    /// <summary>Everything open there breaks off.</summary>
    private void BreakOff(Server server)
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            if (_all[slot].Server == server && _all[slot].Phase is Phase.Waiting or Phase.Serving)
            {
                End(slot);
            }
        }
    }

    /// <summary>Ends a request wherever it is, without an answer.</summary>
    private void End(int slot)
    {
        ref var request = ref _all[slot];
        var (server, phase) = (request.Server, request.Phase);
        if (phase == Phase.Serving)
        {
            Leave(server!, ref request);
        }
        else if (phase == Phase.Waiting)
        {
            _recorder.Touch(server!, Time.Now);
            server!.Count--;
        }
        else if (request is { Backend: not null, Attempt.Answer: ConnectAnswer.Accepted })
        {
            server!.Connecting--;
        }

        if (phase is Phase.Serving or Phase.Waiting)
        {
            _recorder.Fail(server!);
        }

        Finish(slot, succeeded: false);
        if (phase == Phase.Serving)
        {
            ServeNext(server!);
        }
    }

    private void ExpectPatience(int slot, long id)
    {
        if (_patience > 0)
        {
            _waiters.Enqueue((Time.Now + _patience, slot, id));
        }
    }

    private void EndPatience()
    {
        var (_, slot, id) = _waiters.Dequeue();
        ref var request = ref _all[slot];
        if (request.Id == id && request.Phase is not (Phase.Free or Phase.GivenUp))
        {
            End(slot);
        }
    }
}
