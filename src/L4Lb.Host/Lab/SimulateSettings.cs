using L4Lb.Lab.Scenarios;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab simulate</c> was told.</summary>
/// <param name="Scenarios">Names or files.</param>
internal sealed record SimulateSettings(IReadOnlyList<string> Scenarios)
{
    /// <summary>What is another than in the scenarios.</summary>
    public ScenarioChanges Changes { get; init; } = new(null, null, null, null);

    /// <summary>Runs at a time; null for as many as there are cores.</summary>
    public int? Parallel { get; init; }

    /// <summary>Where the result goes; null for a file of the scenario's name.</summary>
    public string? Output { get; init; }

    /// <summary>Where the report goes; null for a file of the scenario's name.</summary>
    public string? Report { get; init; }

    /// <summary>Whether the report is opened.</summary>
    public bool Opens { get; init; }

    /// <summary>What was typed.</summary>
    public string Command { get; init; } = "";
}

/// <summary>What is another than a scenario says; null for what stays.</summary>
/// <param name="Schedulers">What is compared; empty stays.</param>
/// <param name="Seeds">Seeds 1 to this.</param>
/// <param name="Duration">Measured time.</param>
/// <param name="Load">Offered work as a part of the capacity.</param>
/// <param name="Rate">Requests per second on average.</param>
internal sealed record ScenarioChanges(IReadOnlyList<string>? Schedulers, int? Seeds, TimeSpan? Duration, double? Load, double? Rate = null)
{
    /// <summary>How much comes is another.</summary>
    public bool HasRate => (Load ?? Rate) is not null;

    /// <summary>The scenario with these changes.</summary>
    public Scenario Of(Scenario scenario) => scenario with
    {
        Schedulers = Schedulers is { Count: > 0 } names
            ? [.. names.Distinct(StringComparer.Ordinal).Select(static n => new ComparedScheduler(n, Cli.Values.SchedulerText.Read(n)))]
            : scenario.Schedulers,
        Seeds = Seeds is { } count ? [.. Enumerable.Range(1, count).Select(static n => (ulong)n)] : scenario.Seeds,
        Duration = Duration ?? scenario.Duration,
        Requests = Duration is null ? scenario.Requests : null,
        Arrivals = HasRate ? scenario.Arrivals with { Load = Load, Rate = Rate } : scenario.Arrivals,
    };
}
