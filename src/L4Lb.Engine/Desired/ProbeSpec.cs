namespace L4Lb.Engine.Desired;

/// <summary>An active health check.</summary>
public sealed record ProbeSpec
{
    /// <summary>What is tried.</summary>
    public required ProbeKind Kind { get; init; }

    /// <summary>Port to try on the backend's address; null for the backend's own.</summary>
    public int? Port { get; init; }

    /// <summary>Path of an HTTP check.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Host header of an HTTP check, or server name of a TLS check; null for the address.</summary>
    public string? Host { get; init; }

    /// <summary>Answers of an HTTP check that mean health.</summary>
    public EquatableArray<StatusRange> Statuses { get; init; } = [new(200, 399)];

    /// <summary>Datagram of a UDP check, one character per byte (Latin-1); empty sends an empty one.</summary>
    public string Send { get; init; } = "";

    /// <summary>
    /// What the answer to a UDP check must contain, one character per byte (Latin-1); empty: no answer is needed, only
    /// no refusal.
    /// </summary>
    public string Expect { get; init; } = "";

    /// <summary>
    /// Program, by its path, and arguments of an exec check. It finds L4LB_BACKEND_ADDRESS, L4LB_BACKEND_PORT and
    /// L4LB_BACKEND_SERVICE in its environment.
    /// </summary>
    public EquatableArray<string> Command { get; init; } = [];

    /// <summary>Time between two checks of a backend whose state is settled.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two checks while the state is in doubt (between two thresholds); null for <see cref="Interval"/>.</summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>Time between two checks of a backend that is down; null for <see cref="Interval"/>.</summary>
    public TimeSpan? DownInterval { get; init; }

    /// <summary>Time that one check may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Checks in a row that must succeed before a backend is up.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>Checks in a row that must fail before a backend is down.</summary>
    public int Fall { get; init; } = 3;
}

/// <summary>What an active check tries.</summary>
public enum ProbeKind
{
    /// <summary>A connection.</summary>
    Tcp,

    /// <summary>A connection and an HTTP/1.1 GET.</summary>
    Http,

    /// <summary>A connection and a TLS handshake; the certificate is not verified.</summary>
    Tls,

    /// <summary>A datagram and its answer.</summary>
    Udp,

    /// <summary>A program, whose exit code 0 means health.</summary>
    Exec,
}

/// <summary>HTTP statuses from one to another, both included.</summary>
/// <param name="First">First status.</param>
/// <param name="Last">Last status.</param>
public readonly record struct StatusRange(int First, int Last)
{
    /// <summary>Whether <paramref name="status"/> lies within.</summary>
    public bool Contains(int status) => status >= First && status <= Last;

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
