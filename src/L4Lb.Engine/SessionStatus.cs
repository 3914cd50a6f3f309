using L4Lb.Engine.Desired;

namespace L4Lb.Engine;

/// <summary>An open session or flow, as it was at one moment.</summary>
public sealed record SessionStatus
{
    /// <summary>Process-wide number.</summary>
    public required long Id { get; init; }

    /// <summary>TCP for a session, UDP for a flow.</summary>
    public required TransportProtocol Protocol { get; init; }

    /// <summary>The service port.</summary>
    public required ServiceKey Service { get; init; }

    /// <summary>Address of the client.</summary>
    public required AddressKey Client { get; init; }

    /// <summary>Address that the client addressed.</summary>
    public required AddressKey Listen { get; init; }

    /// <summary>The backend that serves, or that is tried; null when there is none yet.</summary>
    public AddressKey? Backend { get; init; }

    /// <summary>How far it is.</summary>
    public required SessionPhase Phase { get; init; }

    /// <summary>When the client was accepted, UTC.</summary>
    public required DateTime Accepted { get; init; }

    /// <summary>Since when nothing was relayed; zero before anything could be.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>From accepted to connected; null before that, and for flows.</summary>
    public TimeSpan? ConnectTime { get; init; }

    /// <summary>Backends tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Bytes handed to the backend.</summary>
    public long BytesFromClient { get; init; }

    /// <summary>Bytes handed to the client.</summary>
    public long BytesFromBackend { get; init; }

    /// <summary>Datagrams of the client; of a session 0.</summary>
    public long Requests { get; init; }

    /// <summary>Datagrams of the backend; of a session 0.</summary>
    public long Responses { get; init; }

    /// <summary>Zero-based number of the shard that it is on.</summary>
    public required int Shard { get; init; }
}

/// <summary>How far a session is.</summary>
public enum SessionPhase
{
    /// <summary>Its PROXY protocol header is read.</summary>
    ReadingHeader,

    /// <summary>It waits for room.</summary>
    Queued,

    /// <summary>A backend is tried.</summary>
    Connecting,

    /// <summary>Both ways are open.</summary>
    Established,

    /// <summary>One way is over.</summary>
    HalfClosed,

    /// <summary>Its backend is no longer wanted, and it has a deadline.</summary>
    Draining,
}
