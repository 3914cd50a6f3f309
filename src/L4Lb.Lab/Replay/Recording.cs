using L4Lb.Lab.Results;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Replay;

/// <summary>Measures what a log says was, by what measures simulations. Pure.</summary>
internal static class Recording
{
    /// <summary>What was, as a run.</summary>
    internal static RunResult Measure(ReplayPlan plan)
    {
        var (sessions, heap) = (plan.Sessions, new EventHeap());
        var servers = FaultTimeline.Lay(plan.Scenario);
        var trace = ((Workload.ReplayedArrivals)plan.Scenario.Arrivals).Trace;
        var recorder = new Recorder(servers, plan.Scenario.Seeds[0], trace.Clients, 0, VirtualTime.Of(plan.Scenario.MeasuredSeconds));
        HashSet<int> eligible = [.. servers.Where(static s => s.Group.Weight > 0).Select(static s => s.Id)];
        recorder.Schedule(heap);

        // Who has come is known by when; only ends are still to be put in order.
        for (var next = 0; next < sessions.Count || heap.Count > 0;)
        {
            var arrival = next < sessions.Count ? StartOf(trace, next) : long.MaxValue;
            if (heap.NextTime <= arrival)
            {
                var e = heap.Pop();
                Handle(e.Kind, e.Index, e.Time);
            }
            else
            {
                Begin(next++, arrival);
            }
        }

        return recorder.Finish([]);

        void Begin(int index, long now)
        {
            var request = RequestOf(index);
            recorder.Begin(in request);
            for (var retry = 1; retry < sessions[index].Attempts; retry++)
            {
                recorder.Retry(in request);
            }

            heap.Push(now + VirtualTime.Of(sessions[index].Queued), EventKind.ConnectEnds, index);
        }

        void Handle(EventKind kind, int index, long now)
        {
            if (kind == EventKind.StepEnds)
            {
                recorder.EndStep(now, eligible);
                return;
            }

            var (request, server) = (RequestOf(index), servers[plan.BackendOf[sessions[index].Backend!.Value]]);
            request.Server = server;
            if (kind == EventKind.ConnectEnds)
            {
                recorder.Join(server, in request, now);
                recorder.Serve(in request, now);
                server.Count++;
                server.Busy++;
                heap.Push(now + VirtualTime.Of(trace.WorkOf(index)), EventKind.Served, index);
                return;
            }

            recorder.Touch(server, now);
            server.Count--;
            server.Busy--;
            recorder.End(in request, succeeded: true, now);
        }

        Request RequestOf(int index) => new()
        {
            Id = index,
            Start = StartOf(trace, index),
            Client = trace.ClientOf(index),
            IsMeasured = true,
        };
    }

    private static long StartOf(Workload.Trace trace, int index) => VirtualTime.Of(trace.TimeOf(index));
}
