using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Runtime;

/// <summary>
/// One service port in force: an identity that keeps its counters, its scheduler's turn and its affinity while
/// snapshots come and go.
/// </summary>
internal sealed class Service
{
    // Any thread (Interlocked).
    private int _active;
    private long _total;

    // Written by the control plane, read by any: one volatile publish per change.
    private volatile ServiceSnapshot _snapshot;
    private volatile SourceTable? _sources;
    private volatile bool _removed;

    internal Service(ServiceKey key, ServiceSnapshot snapshot, SchedulerMemory clusterMemory, SchedulerMemory localMemory)
    {
        (Key, _snapshot, ClusterMemory, LocalMemory) = (key, snapshot, clusterMemory, localMemory);
    }

    // Immutable.

    internal ServiceKey Key { get; }

    /// <summary>What the scheduler under policy Cluster remembers.</summary>
    internal SchedulerMemory ClusterMemory { get; }

    /// <summary>What the scheduler under policy Local remembers.</summary>
    internal SchedulerMemory LocalMemory { get; }

    /// <summary>The state in force; read it once per session.</summary>
    internal ServiceSnapshot Snapshot
    {
        get => _snapshot;
        set => _snapshot = value;
    }

    /// <summary>What each client address does here; null without limits per source.</summary>
    internal SourceTable? Sources
    {
        get => _sources;
        set => _sources = value;
    }

    /// <summary>No longer wanted: nobody waits for room here any more. Written by the control plane.</summary>
    internal bool IsRemoved
    {
        get => _removed;
        set => _removed = value;
    }

    /// <summary>What is counted of its sessions.</summary>
    internal PerShard<ServiceCounters> Counters { get; } = new();

    /// <summary>Where sessions wait for room, under whatever traffic policy.</summary>
    internal WaitQueue Queue { get; } = new();

    /// <summary>Sessions open now.</summary>
    internal int Active => Volatile.Read(ref _active);

    /// <summary>Sessions ever.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>Whether it is offered at the address of <paramref name="listen"/> now, or was when it was removed.</summary>
    internal bool IsOfferedAt(ListenSpec listen)
    {
        foreach (var offered in Snapshot.Spec.Listens.AsSpan())
        {
            // Nearly always the very same.
            if (ReferenceEquals(offered, listen) || offered.Address.Equals(listen.Address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts one session in; false when <paramref name="most"/> (0: no bound) are open already.</summary>
    /// <param name="most">Most sessions at once.</param>
    /// <param name="again">It was counted before, and left for a while to wait.</param>
    internal bool TryEnter(int most, bool again = false)
    {
        // Never beyond the bound, not even for a moment: who waits for room would take it for full.
        int active;
        do
        {
            active = Active;
            if (active >= most && most > 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _active, active + 1, active) != active);

        if (!again)
        {
            Interlocked.Increment(ref _total);
        }

        return true;
    }

    /// <summary>Counts one session out, whose backend was given back before, and offers its room.</summary>
    internal void Leave()
    {
        Interlocked.Decrement(ref _active);
        Queue.Offer();
    }

    /// <summary>
    /// Counts one out that had its turn in the queue, and found that there is no backend for it. Nobody else who waits has
    /// looked meanwhile, so there is nothing to offer; to offer it would give itself the next turn, without end.
    /// </summary>
    internal void StepBack() => Interlocked.Decrement(ref _active);
}
