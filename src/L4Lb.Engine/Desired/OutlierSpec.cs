namespace L4Lb.Engine.Desired;

/// <summary>
/// Passive detection: backends that sessions cannot connect to are ejected for a while, and longer each time.
/// </summary>
public sealed record OutlierSpec
{
    /// <summary>The defaults.</summary>
    public static OutlierSpec Default { get; } = new();

    /// <summary>Connects in a row that must fail before a backend is ejected; 0 never ejects for this.</summary>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>
    /// A backend is ejected when its share of successful connects lies this many standard deviations below the mean of
    /// its peers; 0 never ejects for this. Envoy's default is 1.9.
    /// </summary>
    public double SuccessRateDeviations { get; init; }

    /// <summary>Connects that a backend must have had in an interval for its success rate to count.</summary>
    public int SuccessRateMinimumConnects { get; init; } = 100;

    /// <summary>Backends that must have had that many for success rates to be compared.</summary>
    public int SuccessRateMinimumBackends { get; init; } = 5;

    /// <summary>Time over which success rates are taken, and between two looks at ejections.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First ejection; the n-th in a row lasts n times as long.</summary>
    public TimeSpan BaseEjection { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest ejection.</summary>
    public TimeSpan MaxEjection { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most backends of a service ejected at once, in percent; one may always be.</summary>
    public int MaxEjectedPercent { get; init; } = 50;
}
