namespace L4Lb.Host.Explain;

/// <summary>What would become of a connection, as data; also the shape of the JSON answer.</summary>
internal sealed record Explanation
{
    /// <summary>Who asks.</summary>
    public required string Client { get; init; }

    /// <summary>What is asked for.</summary>
    public required string To { get; init; }

    /// <summary>The outcome: <c>forwarded</c>, <c>denied</c>, <c>refused</c> or <c>unknown</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The outcome in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The service that it reaches; null when none listens there.</summary>
    public ExplainedService? Service { get; init; }

    /// <summary>What listens nearby, when nothing listens there.</summary>
    public IReadOnlyList<string> Nearby { get; init; } = [];
}

/// <summary>The service that a connection reaches.</summary>
internal sealed record ExplainedService
{
    /// <summary><c>namespace/name:port</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of address by which it is reached.</summary>
    public required string Way { get; init; }

    /// <summary>Address and port that listen.</summary>
    public required string Listener { get; init; }

    /// <summary>The traffic policy of that way: <c>Cluster</c> or <c>Local</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>What the source ranges say to the client.</summary>
    public required string SourceRanges { get; init; }

    /// <summary>The scheduler, as the annotation has it.</summary>
    public required string Scheduler { get; init; }

    /// <summary>How the scheduler chooses, in one sentence.</summary>
    public required string SchedulerSummary { get; init; }

    /// <summary>What the scheduler takes.</summary>
    public required IReadOnlyList<ExplainedParameter> SchedulerParameters { get; init; }

    /// <summary>What affinity does, or null without it.</summary>
    public string? Affinity { get; init; }

    /// <summary>What would be found out about the backends.</summary>
    public required IReadOnlyList<string> Health { get; init; }

    /// <summary>What bounds sessions.</summary>
    public required IReadOnlyList<string> Limits { get; init; }

    /// <summary>What a UDP flow is; empty for TCP.</summary>
    public required IReadOnlyList<string> Datagrams { get; init; }

    /// <summary>What the PROXY protocol does.</summary>
    public required IReadOnlyList<string> ProxyProtocol { get; init; }

    /// <summary>Every backend with the reason why it is eligible or not.</summary>
    public required IReadOnlyList<ExplainedBackend> Backends { get; init; }

    /// <summary>Addresses in the order in which they would be tried.</summary>
    public required IReadOnlyList<string> Order { get; init; }

    /// <summary>What the order holds for.</summary>
    public required string OrderNote { get; init; }
}

/// <summary>One backend as the way in sees it.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Eligible">Whether it may be picked.</param>
/// <param name="Reason">Why not; null when it may be.</param>
internal sealed record ExplainedBackend(string Address, int Weight, bool Eligible, string? Reason);

/// <summary>A parameter of the scheduler.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value that holds; <c>on</c> or <c>off</c> for one without a value.</param>
/// <param name="IsDefault">Whether nothing was said about it.</param>
/// <param name="Summary">What it does.</param>
internal sealed record ExplainedParameter(string Name, string Value, bool IsDefault, string Summary);
