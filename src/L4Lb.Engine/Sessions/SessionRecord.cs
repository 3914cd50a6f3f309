using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Sessions;

/// <summary>What is known of a session or flow once it is over: one line of the access log.</summary>
public readonly record struct SessionRecord
{
    /// <summary>Process-wide number of the session.</summary>
    public required long Id { get; init; }

    /// <summary>When the client was accepted, UTC.</summary>
    public required DateTime Accepted { get; init; }

    /// <summary>TCP for a session, UDP for a flow.</summary>
    public TransportProtocol Protocol { get; init; }

    /// <summary>The service port.</summary>
    public required ServiceKey Service { get; init; }

    /// <summary>Address of the client.</summary>
    public required AddressKey Client { get; init; }

    /// <summary>
    /// Address that the connection came from, when a PROXY protocol header said that <see cref="Client"/> is another.
    /// </summary>
    public AddressKey? Peer { get; init; }

    /// <summary>Address that the client addressed.</summary>
    public required AddressKey Listen { get; init; }

    /// <summary>The backend that served, or the last one tried; null when none was.</summary>
    public AddressKey? Backend { get; init; }

    /// <summary>Number of backends tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Place in the queue of a full service when it began to wait, from 1; null when it did not.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>Time spent in the queue; null when it did not wait.</summary>
    public TimeSpan? QueueTime { get; init; }

    /// <summary>From accept to the backend's connection; null when there never was one, and for flows.</summary>
    public TimeSpan? ConnectTime { get; init; }

    /// <summary>From accept to close.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>Bytes from the client that were handed to the backend.</summary>
    public long BytesFromClient { get; init; }

    /// <summary>Bytes from the backend that were handed to the client.</summary>
    public long BytesFromBackend { get; init; }

    /// <summary>Datagrams of the client that were handed to the backend; 0 for a session.</summary>
    public long Requests { get; init; }

    /// <summary>Datagrams of the backend that were handed to the client; 0 for a session.</summary>
    public long Responses { get; init; }

    /// <summary>Why it ended.</summary>
    public required CloseReason Reason { get; init; }

    /// <summary>What exactly was wrong, in words of a fixed set, where the reason does not say it all; else null.</summary>
    public string? Detail { get; init; }

    /// <summary>Shard that carried it, zero-based.</summary>
    public int Shard { get; init; }

    /// <summary>Sessions and flows of the process that were open when this one had ended.</summary>
    public int OthersOfProcess { get; init; }

    /// <summary>Those of its service port.</summary>
    public int OthersOfService { get; init; }

    /// <summary>Those of its backend; 0 when it had none.</summary>
    public int OthersOfBackend { get; init; }
}

/// <summary>Receives closed sessions.</summary>
public interface ISessionLog
{
    /// <summary>Called on the shard's thread for each session: must neither block nor throw.</summary>
    void Closed(in SessionRecord session);
}
