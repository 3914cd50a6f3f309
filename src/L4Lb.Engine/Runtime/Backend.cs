using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
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
    private long _connectFailures;
    private volatile bool _removed;

    internal Backend(in AddressKey address)
    {
        Address = address;
        SocketAddress = address.ToSocketAddress();
    }

    // Immutable.

    /// <summary>Address and port.</summary>
    internal AddressKey Address { get; }

    /// <summary>The address as the kernel wants it.</summary>
    internal readonly SocketAddress SocketAddress;

    /// <summary>Sessions that hold it now, as schedulers see them.</summary>
    internal BackendLoad Load { get; } = new();

    /// <summary>Sessions it ever served or was tried for.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>Connects to it that failed.</summary>
    internal long ConnectFailures => Interlocked.Read(ref _connectFailures);

    /// <summary>No longer wanted: it takes no new sessions and its old ones have a deadline. Written by the control plane.</summary>
    internal bool IsRemoved
    {
        get => _removed;
        set => _removed = value;
    }

    /// <summary>Takes it for one session; false when <paramref name="most"/> (0: no bound) hold it already.</summary>
    internal bool TryAcquire(int most)
    {
        if (Load.Acquire() > most && most > 0)
        {
            Load.Release();
            return false;
        }

        Interlocked.Increment(ref _total);
        return true;
    }

    /// <summary>Gives it back; once for each acquire.</summary>
    internal void Release() => Load.Release();

    internal void CountConnectFailure() => Interlocked.Increment(ref _connectFailures);
}
