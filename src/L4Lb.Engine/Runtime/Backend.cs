using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Runtime;

/// <summary>
/// One address that serves one service port: identity, load and counters, kept for as long as the address is wanted or
/// a session holds it, whatever else is edited.
/// </summary>
internal sealed class Backend
{
    // Any thread (Interlocked).
    private long _total;
    private volatile bool _removed;

    // One writer each (the health monitor, the control plane), read by any.
    private volatile HealthVerdict _health = HealthVerdict.Unchecked;
    private volatile CheckHistory _checks = CheckHistory.Empty;
    private volatile OperatorOverride _override = OperatorOverride.None;

    internal Backend(in AddressKey address, LoadTotal? total = null)
    {
        Address = address;
        Load = new BackendLoad(total);
        SocketAddress = address.ToSocketAddress();
    }

    // Immutable.

    /// <summary>Address and port.</summary>
    internal AddressKey Address { get; }

    /// <summary>The address as the kernel wants it.</summary>
    internal readonly SocketAddress SocketAddress;

    /// <summary>Sessions that hold it now, as schedulers see them.</summary>
    internal BackendLoad Load { get; }

    /// <summary>Sessions it ever served or was tried for.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>What was relayed to and from it.</summary>
    internal PerShard<TrafficCounters> Traffic { get; } = new();

    /// <summary>How connects to it ended.</summary>
    internal ConnectOutcomes Connects { get; } = new();

    /// <summary>No longer wanted: it takes no new sessions and its old ones have a deadline. Written by the control plane.</summary>
    internal bool IsRemoved
    {
        get => _removed;
        set => _removed = value;
    }

    /// <summary>What health has found out about it.</summary>
    internal HealthVerdict Health
    {
        get => _health;
        set => _health = value;
    }

    /// <summary>What was checked of it so far.</summary>
    internal CheckHistory Checks
    {
        get => _checks;
        set => _checks = value;
    }

    /// <summary>What an operator set.</summary>
    internal OperatorOverride Override
    {
        get => _override;
        set => _override = value;
    }

    /// <summary>Takes it for one session; false when it is full.</summary>
    internal bool TryAcquire()
    {
        if (!Load.TryAcquire())
        {
            return false;
        }

        Interlocked.Increment(ref _total);
        return true;
    }

    /// <summary>Counts a datagram that it was sent by itself, for which nobody held it.</summary>
    internal void CountServed() => Interlocked.Increment(ref _total);

    /// <summary>Gives it back; once for each acquire.</summary>
    internal void Release() => Load.Release();
}
