namespace L4Lb.Host.Client.Top;

/// <summary>What <c>l4lb top</c> was asked for.</summary>
/// <param name="Client">Whom to ask.</param>
internal sealed record TopSettings(ClientSettings Client)
{
    /// <summary>Time between two answers.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is on top.</summary>
    public TopOrder Order { get; init; }

    /// <summary>Whether to write one table and end, as without a terminal.</summary>
    public bool Once { get; init; }
}

/// <summary>What the services are in the order of: the most first, except of names.</summary>
internal enum TopOrder
{
    /// <summary>New sessions in a second.</summary>
    Sessions,

    /// <summary>Sessions now.</summary>
    Active,

    /// <summary>Bytes from clients.</summary>
    In,

    /// <summary>Bytes to clients.</summary>
    Out,

    /// <summary>Sessions that failed.</summary>
    Errors,

    /// <summary>Connects once more.</summary>
    Retries,

    /// <summary>How long the slowest of 100 connects took.</summary>
    P99,

    /// <summary>Namespace, name and port.</summary>
    Name,
}
