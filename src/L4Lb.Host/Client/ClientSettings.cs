namespace L4Lb.Host.Client;

/// <summary>How an instance is asked.</summary>
/// <param name="Address">Where it is.</param>
internal sealed record ClientSettings(ServerAddress Address)
{
    /// <summary>File with the bearer token; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>File with the authorities that its certificate may be of, PEM; null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Time that an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
