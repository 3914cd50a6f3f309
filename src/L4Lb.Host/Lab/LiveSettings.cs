using L4Lb.Lab.Live;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab live</c> was told.</summary>
/// <param name="Scenario">Name or file.</param>
internal sealed record LiveSettings(string Scenario)
{
    /// <summary>What is another than in the scenario.</summary>
    public ScenarioChanges Changes { get; init; } = new(null, null, null, null);

    /// <summary>How it is run.</summary>
    public LiveOptions Options { get; init; } = new();

    /// <summary>Whether it is simulated too.</summary>
    public bool Simulates { get; init; }

    /// <summary>Where the result goes; null for a file of the scenario's name.</summary>
    public string? Output { get; init; }

    /// <summary>Where the report goes; null for a file of the scenario's name.</summary>
    public string? Report { get; init; }

    /// <summary>Whether the report is opened.</summary>
    public bool Opens { get; init; }
}
