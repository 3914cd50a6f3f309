namespace L4Lb.Engine.Sessions;

/// <summary>
/// Why a session or flow ended: the phase it was in and the side that ended it. Exactly one per session; the access
/// log, the metrics and passive health all use it.
/// </summary>
public enum CloseReason
{
    /// <summary>Still open.</summary>
    None,

    /// <summary>Both sides finished in order.</summary>
    Completed,

    /// <summary>The client reset or vanished while bytes were relayed.</summary>
    ClientReset,

    /// <summary>The backend reset or vanished while bytes were relayed.</summary>
    BackendReset,

    /// <summary>The client left before a backend was connected.</summary>
    ClientGone,

    /// <summary>Every backend that was tried refused or failed.</summary>
    ConnectRefused,

    /// <summary>The connect budget ran out.</summary>
    ConnectTimeout,

    /// <summary>No backend was eligible.</summary>
    NoBackend,

    /// <summary>The client's address is outside the source ranges of the listener.</summary>
    SourceDenied,

    /// <summary>A session limit of the service, of its backends or of the process was reached.</summary>
    LimitReached,

    /// <summary>The client's address went beyond its limit of sessions or of new sessions, or is still denied for that.</summary>
    SourceLimited,

    /// <summary>All backends were full, and so was the queue.</summary>
    QueueFull,

    /// <summary>All backends were full until the wait in the queue was over.</summary>
    QueueTimeout,

    /// <summary>The client's PROXY protocol header was malformed or missing.</summary>
    ProxyHeaderInvalid,

    /// <summary>The client's PROXY protocol header was not complete in time.</summary>
    ProxyHeaderTimeout,

    /// <summary>Its backend went down, and the policy resets the sessions of such.</summary>
    BackendDown,

    /// <summary>Its backend is no longer wanted: a UDP flow ends at once, and the client's next datagram begins a new one.</summary>
    BackendRemoved,

    /// <summary>An idle UDP flow made way for a newcomer, because there were as many as there may be.</summary>
    Shed,

    /// <summary>Both directions were silent for the idle timeout.</summary>
    IdleTimeout,

    /// <summary>One side had finished and the other stayed silent for the half-close timeout.</summary>
    HalfCloseTimeout,

    /// <summary>The drain timeout of a removed backend, a removed listener or the stopping process ran out.</summary>
    Drained,

    /// <summary>An operator ended it.</summary>
    Killed,

    /// <summary>Out of descriptors, ports or memory on this machine.</summary>
    ResourceExhausted,

    /// <summary>An error in this program.</summary>
    InternalError,
}
