using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// What one client address and port sends to one address, and what comes back, until both fall silent: its state and
/// nothing else, which a <see cref="FlowTable"/> decides on and an <see cref="IFlowPort"/> carries out. Shard thread only.
/// </summary>
internal sealed class Flow : WheelTimer, IOpen<Flow>
{
    private readonly FlowTable _table;

    internal Flow? NextInBucket;
    internal FlowLinks InShard;
    internal FlowLinks InService;
    internal Entrance Entrance;

    internal Flow(FlowTable table, Service service, DatagramListener listener, in FlowKey key, in SocketAddress client)
    {
        (_table, Service, Listener, Key, Client) = (table, service, listener, key, client);
        Asker = key;
    }

    /// <inheritdoc/>
    public Flow? Older { get; set; }

    /// <inheritdoc/>
    public Flow? Newer { get; set; }

    // Immutable.

    /// <summary>The client as the kernel names it, scope included: where answers go.</summary>
    internal readonly SocketAddress Client;

    internal long Id { get; } = SessionId.Next();

    internal Service Service { get; }

    /// <summary>Where the shard counts what it does for the service.</summary>
    internal required ServiceCounters Counters { get; init; }

    /// <summary>Where the shard counts what it does for the backend; that of the last one when there is none.</summary>
    internal TrafficCounters? OfBackend { get; set; }

    /// <summary>The socket that it came by and answers leave by.</summary>
    internal DatagramListener Listener { get; }

    /// <summary>The client, and the address that it asked.</summary>
    internal FlowKey Key { get; }

    /// <summary>Carries datagrams that are scheduled one by one: those of many clients, and nothing goes back.</summary>
    internal bool IsOutlet { get; init; }

    /// <summary>Which of its datagrams carry a PROXY protocol header; null for none.</summary>
    internal ProxyHeaderOn? ProxyHeader { get; set; }

    /// <summary>Who asked whom by the datagram that the port is given next: always <see cref="Key"/>, but for an outlet.</summary>
    internal FlowKey Asker { get; set; }

    internal DateTime BeganUtc { get; init; }

    internal long BeganAt { get; init; }

    // The port's.

    /// <summary>Connected to the backend; null when there is none.</summary>
    internal PollTarget? Socket { get; set; }

    /// <summary>The first and the last of what waits to be sent to the backend, as the port numbers it; -1 for nothing.</summary>
    internal int FirstPending { get; set; } = -1;

    internal int LastPending { get; set; } = -1;

    /// <summary>Datagrams that the port has taken and not sent yet.</summary>
    internal int Unsent { get; set; }

    // The table's.

    /// <summary>Its client's next datagram comes to it: it is in the table's index.</summary>
    internal bool IsBound { get; set; }

    internal bool IsOver { get; set; }

    /// <summary>Its client goes on with another one: it is open for the answers that are on their way, and ends with this.</summary>
    internal CloseReason Leaving { get; set; }

    /// <summary>The backend that it holds, or last tried.</summary>
    internal Backend? Backend { get; set; }

    internal bool HoldsBackend { get; set; }

    /// <summary>Backends that failed it since one answered.</summary>
    internal List<Backend>? Failed { get; set; }

    /// <summary>Backends tried.</summary>
    internal int Attempts { get; set; }

    internal AffinityChoice Affinity { get; set; }

    internal bool PreferredWasFull { get; set; }

    internal SessionSamples? Samples { get; set; }

    /// <summary>The client sent something after the last answer.</summary>
    internal bool AwaitsAnswer { get; set; }

    /// <summary>The backend that it holds has answered.</summary>
    internal bool IsAnswered { get; set; }

    /// <summary>The client was heard of again after an answer, so it is there, and uses the flow.</summary>
    internal bool IsEstablished { get; set; }

    internal long BeganMs { get; set; }

    /// <summary>When its backend last turned out to be unreachable; of an outlet.</summary>
    internal long FailedMs { get; set; }

    /// <summary>When either side was last heard of.</summary>
    internal long LastMs { get; set; }

    /// <summary>Datagrams of the client.</summary>
    internal long Requests { get; set; }

    /// <summary>Datagrams of backends.</summary>
    internal long Responses { get; set; }

    internal long BytesFromClient { get; set; }

    internal long BytesFromBackend { get; set; }

    /// <summary>A copy of the first unanswered datagram.</summary>
    internal KeptDatagram Kept;

    /// <summary>There is somebody else to send that to.</summary>
    internal bool MayResend { get; set; }

    /// <summary>Counts datagrams that were taken for the backend, or handed to the client, for all who count them.</summary>
    internal void Count(ShardCounters ofShard, int datagrams, int bytes, bool fromClient)
    {
        if (fromClient)
        {
            (Requests, BytesFromClient) = (Requests + datagrams, BytesFromClient + bytes);
        }
        else
        {
            (Responses, BytesFromBackend) = (Responses + datagrams, BytesFromBackend + bytes);
        }

        ofShard.AddDatagrams(datagrams, bytes, fromClient);
        Counters.AddDatagrams(datagrams, bytes, fromClient);
        OfBackend?.AddDatagrams(datagrams, bytes, fromClient);
    }

    /// <summary>Whether it is one of those that are meant.</summary>
    internal bool Fits(SessionQuery query) => query.Fits(Id, TransportProtocol.Udp, Service.Key, Key.Client, Backend?.Address);

    /// <summary>What there is to say of it.</summary>
    internal SessionStatus Status(int shard, long nowMs) => new()
    {
        Id = Id,
        Protocol = TransportProtocol.Udp,
        Service = Service.Key,
        Client = Key.Client,
        Listen = Key.Listen,
        Backend = Backend?.Address,
        Phase = Leaving != CloseReason.None || Listener.IsClosing ? SessionPhase.Draining : SessionPhase.Established,
        Accepted = BeganUtc,
        Idle = TimeSpan.FromMilliseconds(Math.Max(nowMs - LastMs, 0)),
        Attempts = Attempts,
        BytesFromClient = BytesFromClient,
        BytesFromBackend = BytesFromBackend,
        Requests = Requests,
        Responses = Responses,
        Shard = shard,
    };

    protected internal override void OnDue(long nowMs) => _table.OnDue(this, nowMs);
}

/// <summary>A copy of a datagram, with its place among those of its flow. A mutable struct that lives in the flow.</summary>
internal struct KeptDatagram
{
    internal byte[]? Buffer;
    internal int Length;

    /// <summary>Its number among the client's datagrams, from 1.</summary>
    internal long Number;

    /// <summary>When it came.</summary>
    internal long ArrivedMs;

    internal readonly ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}
