using System.Collections.Concurrent;
using L4Lb.Engine.Control;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine;

/// <summary>The open sessions and flows of a load balancer. All members may be called from any thread.</summary>
public sealed class LoadBalancerSessions
{
    private readonly ShardWorker[] _workers;

    internal LoadBalancerSessions(ShardWorker[] workers) => _workers = workers;

    /// <summary>
    /// Those that <paramref name="query"/> means, in the order in which they began. They are read shard by shard, while more
    /// begin and end.
    /// </summary>
    public async Task<IReadOnlyList<SessionStatus>> ListAsync(SessionQuery query, CancellationToken cancellationToken = default)
    {
        var found = new ConcurrentBag<List<SessionStatus>>();
        await Task.WhenAll(_workers.Select(worker =>
        {
            var mine = new List<SessionStatus>();
            found.Add(mine);
            return worker.Inspector.LookAsync(
                query, session => mine.Add(session.Status()), flow => mine.Add(flow.Status(worker.Shard.Index, worker.Shard.NowMs)));
        })).WaitAsync(cancellationToken);
        return [.. found.SelectMany(static mine => mine).OrderBy(static session => session.Id)];
    }

    /// <summary>Ends those that <paramref name="query"/> means, with <see cref="CloseReason.Killed"/>. Returns how many.</summary>
    public async Task<int> KillAsync(SessionQuery query, CancellationToken cancellationToken = default)
    {
        var killed = 0;
        await Task.WhenAll(_workers.Select(worker => worker.Inspector.LookAsync(
            query,
            session =>
            {
                session.Abort(CloseReason.Killed);
                Interlocked.Increment(ref killed);
            },
            flow =>
            {
                worker.Flows.End(flow, CloseReason.Killed);
                Interlocked.Increment(ref killed);
            }))).WaitAsync(cancellationToken);
        return killed;
    }
}
