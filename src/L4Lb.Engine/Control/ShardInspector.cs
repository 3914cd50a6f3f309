using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Control;

/// <summary>
/// Looks through the open sessions and flows of one shard, on its thread, a portion in each turn of its loop: somebody who looks at
/// a hundred thousand must not make them wait. One looks at a time.
/// </summary>
internal sealed class ShardInspector(Shard shard, SessionRegistry sessions, FlowTable flows)
{
    // Some ten microseconds of the shard's attention.
    private const int Portion = 256;

    // Shard thread only.
    private readonly Queue<Look> _looks = new();

    /// <summary>Visits everything that fits and was open when it began and still is; completes when all was visited. Any thread.</summary>
    /// <param name="query">Which.</param>
    /// <param name="visitSession">Is given a session; it may end it. Shard thread.</param>
    /// <param name="visitFlow">Likewise a flow.</param>
    internal Task LookAsync(SessionQuery query, Action<Session> visitSession, Action<Flow> visitFlow)
    {
        var look = new Look(query, visitSession, visitFlow);
        shard.Post(state => Enqueue((Look)state!), look);
        return look.Done.Task;
    }

    private void Enqueue(Look look)
    {
        _looks.Enqueue(look);
        if (_looks.Count == 1)
        {
            Begin();
        }
    }

    private void Begin()
    {
        sessions.BeginWalk();
        flows.BeginWalk();
        Continue();
    }

    private void Continue()
    {
        var look = _looks.Peek();
        try
        {
            if (sessions.Walk(Portion, look.Visit) || flows.Walk(Portion, look.Visit))
            {
                shard.Post(static state => ((ShardInspector)state!).Continue(), this);
                return;
            }

            look.Done.SetResult();
        }
        catch (Exception e)
        {
            look.Done.SetException(e);
        }

        _looks.Dequeue();
        if (_looks.Count > 0)
        {
            Begin();
        }
    }

    private sealed record Look(SessionQuery Query, Action<Session> VisitSession, Action<Flow> VisitFlow)
    {
        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Visit(Session session)
        {
            if (session.Fits(Query))
            {
                VisitSession(session);
            }
        }

        internal void Visit(Flow flow)
        {
            if (!flow.IsOutlet && flow.Fits(Query))
            {
                VisitFlow(flow);
            }
        }
    }
}
