namespace L4Lb.Host.Telemetry;

/// <summary>Names of the attributes. Those of objects have a prefix: who scrapes a pod gives it labels like <c>namespace</c>.</summary>
internal static class MetricTags
{
    /// <summary>Namespace of a Service.</summary>
    public const string Namespace = "l4lb.namespace";

    /// <summary>Name of a Service.</summary>
    public const string Service = "l4lb.service";

    /// <summary>Port of a Service: its name, or <c>80/tcp</c>-like when it has none.</summary>
    public const string Port = "l4lb.port";

    /// <summary>Address and port of a backend.</summary>
    public const string Backend = "l4lb.backend";

    /// <summary>Name of an address pool.</summary>
    public const string Pool = "l4lb.pool";

    /// <summary>Who sent: clients or backends.</summary>
    public const string Direction = "direction";

    /// <summary>Why a session was closed or something dropped.</summary>
    public const string Reason = "reason";

    /// <summary>How it came: <c>udp</c> or <c>tcp</c>.</summary>
    public const string Transport = "network.transport";

    /// <summary>What became of an attempt.</summary>
    public const string Outcome = "outcome";

    /// <summary>State of what is counted.</summary>
    public const string State = "state";

    /// <summary>Family of addresses.</summary>
    public const string Family = "family";

    /// <summary>What kind of thing is counted.</summary>
    public const string Kind = "kind";

    /// <summary>A name in a metric: lower case words with underscores.</summary>
    public static string Word(Enum value) => string.Concat(value.ToString().Select(
        static (c, i) => char.IsUpper(c) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(c)}" : c.ToString()));
}
