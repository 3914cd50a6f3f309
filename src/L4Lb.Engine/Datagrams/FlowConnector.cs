using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Gives flows their backends, in the order of the pick, and never one again that failed since the last answer; tells
/// passive health how it went. Shard thread only.
/// </summary>
internal sealed class FlowConnector(FlowContext context, IFlowPort port)
{
    /// <summary>Want of our own, for which no backend is to blame: room in a socket, memory, descriptors, ports.</summary>
    internal static bool IsOurWant(Errno error) => error is Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM or Errno.EMFILE
        or Errno.ENFILE or Errno.EADDRNOTAVAIL or Errno.EADDRINUSE;

    /// <summary>Opens the flow's socket to the first backend that can be had; none, or why there is none.</summary>
    internal CloseReason Connect(Flow flow)
    {
        var snapshot = flow.Service.Snapshot;
        var pool = snapshot.PoolFor(flow.Listener.Target.Listen.Scope);
        var pick = new SchedulePick(pool.Scheduler, flow.Key);
        flow.Affinity = AffinityChoice.Make(snapshot, pool, flow.Key, ref pick, context.NowMs);
        flow.PreferredWasFull = false;
        var preferred = flow.Affinity.Preferred;
        Reservation.Exclude(flow.Failed, pool, ref pick, ref preferred);
        var attemptsMost = snapshot.Spec.Timeouts.ConnectAttempts;
        var reason = CloseReason.NoBackend;
        while ((flow.Failed?.Count ?? 0) < attemptsMost)
        {
            var taken = Reservation.Take(pool, ref pick, preferred, waits: false, context.NowMs);
            flow.PreferredWasFull |= taken.PreferredWasFull;
            preferred = -1;
            if (taken.Index < 0)
            {
                return taken.IsFull && reason == CloseReason.NoBackend ? CloseReason.LimitReached : reason;
            }

            (flow.Backend, flow.HoldsBackend) = (pool[taken.Index], true);
            flow.Attempts++;
            context.Counters.AddAttempt(flow.Attempts);
            flow.Counters.AddAttempt(flow.Attempts);
            var error = port.Open(flow);
            if (error == Errno.None)
            {
                flow.OfBackend = flow.Backend.Traffic.Of(context.Shard);
                flow.Samples = SessionSamples.For(pool.Scheduler, taken.Index, context.Clock, repeats: true);
                flow.MayResend = snapshot.Spec.Datagrams.Resend && attemptsMost > 1 && pool.Count > 1;
                return CloseReason.None;
            }

            if (IsOurWant(error))
            {
                Release(flow);
                return CloseReason.ResourceExhausted;
            }

            GiveUp(flow);
            reason = CloseReason.ConnectRefused;
        }

        return reason;
    }

    /// <summary>The flow's backend cannot be reached: blames it, and takes it from the flow.</summary>
    internal void GiveUp(Flow flow)
    {
        Blame(flow.Service, flow.Backend!);
        (flow.Failed ??= []).Add(flow.Backend!);
        Release(flow);
    }

    /// <summary>Gives the flow's backend back.</summary>
    internal void Release(Flow flow)
    {
        port.Close(flow);
        flow.Samples?.End();
        flow.Samples = null;
        flow.IsAnswered = false;
        if (flow.HoldsBackend)
        {
            flow.HoldsBackend = false;
            flow.Backend!.Release();
        }
    }

    /// <summary>The flow's backend has answered what the client asked last.</summary>
    internal void Answered(Flow flow)
    {
        var backend = flow.Backend!;
        if (!flow.IsAnswered)
        {
            flow.IsAnswered = true;
            flow.Failed = null;
            backend.Connects.AddSuccess();
            flow.Affinity.Settle(flow.Service.Snapshot, flow.Key, backend, flow.PreferredWasFull, context.NowMs);
        }
        else if (backend.Connects.FailedInARow > 0)
        {
            // Others were less lucky, and here is proof that it lives.
            backend.Connects.AddSuccess();
        }
    }

    internal void Blame(Service service, Backend backend)
    {
        context.Counters.ConnectFailures++;
        service.Counters.Of(context.Shard).ConnectFailures++;
        backend.Connects.AddFailure();
    }
}
