using L4Lb.Engine.Desired;
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

    /// <summary>Sessions open now.</summary>
    internal int Active => Volatile.Read(ref _active);

    /// <summary>Sessions ever.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>Counts one session in; false when <paramref name="most"/> (0: no bound) are open already.</summary>
    internal bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) > most && most > 0)
        {
            Interlocked.Decrement(ref _active);
            return false;
        }

        Interlocked.Increment(ref _total);
        return true;
    }

    /// <summary>Counts one session out.</summary>
    internal void Leave() => Interlocked.Decrement(ref _active);
}
