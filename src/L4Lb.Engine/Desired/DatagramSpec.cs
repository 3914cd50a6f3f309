namespace L4Lb.Engine.Desired;

/// <summary>How the datagrams of a UDP service are told apart and bounded.</summary>
public sealed record DatagramSpec
{
    /// <summary>Most bytes of a UDP datagram over IPv4: 65,535 less the IP and UDP headers.</summary>
    public const int MaxDatagramBytes = 65507;

    /// <summary>The defaults of the data plane.</summary>
    public static DatagramSpec Default { get; } = new();

    /// <summary>What gets a backend.</summary>
    public DatagramMode Mode { get; init; }

    /// <summary>
    /// Datagrams of a client after which the next one begins a new flow; 0 for no bound. Answers to the old flow still
    /// reach the client.
    /// </summary>
    public int Requests { get; init; }

    /// <summary>
    /// Answers that each datagram of a client gets: a flow that has them all, and need not wait for more
    /// <see cref="Requests"/>, is over at once. 0 for none; null when nobody knows, so that only silence ends a flow.
    /// </summary>
    public int? Responses { get; init; }

    /// <summary>Whether the first unanswered datagram goes to the next backend when one turns out to be unreachable.</summary>
    public bool Resend { get; init; } = true;

    /// <summary>What happens to a newcomer when there are as many flows as there may be.</summary>
    public FlowsFull WhenFull { get; init; }

    /// <summary>Larger datagrams are counted and dropped, 1…<see cref="MaxDatagramBytes"/>.</summary>
    public int MaxBytes { get; init; } = MaxDatagramBytes;

    /// <summary>Which datagrams carry a PROXY protocol header, where one is sent.</summary>
    public ProxyHeaderOn ProxyHeader { get; init; }
}

/// <summary>What a backend is chosen for.</summary>
public enum DatagramMode
{
    /// <summary>A flow: what one client address and port sends to one address, until it falls silent.</summary>
    Flow,

    /// <summary>Every datagram by itself; nothing is expected back, and what comes back is dropped (syslog, statsd).</summary>
    Datagram,
}

/// <summary>Who makes way in a full flow table.</summary>
public enum FlowsFull
{
    /// <summary>The oldest flow that is idle: one whose client was not heard of again first. Nobody when all are active.</summary>
    Shed,

    /// <summary>The newcomer.</summary>
    Refuse,
}

/// <summary>Which datagrams to a backend begin with a PROXY protocol header.</summary>
public enum ProxyHeaderOn
{
    /// <summary>The first of a flow.</summary>
    First,

    /// <summary>Each.</summary>
    Each,
}
