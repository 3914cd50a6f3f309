using System.Text.Json.Serialization;

namespace L4Lb.Lab.Results;

/// <summary>What a run of the lab found out: the content of a result file. Immutable.</summary>
/// <param name="Made">By what, when and for how long.</param>
/// <param name="Scenario">What was asked.</param>
/// <param name="Schedulers">One entry for each scheduler and way of running it, in the order of the scenario.</param>
public sealed record LabResult(Provenance Made, ScenarioSummary Scenario, IReadOnlyList<SchedulerResult> Schedulers)
{
    /// <summary>Names the shape of the file; changes when an older reader would misunderstand it.</summary>
    [JsonPropertyOrder(-1)]
    public string Format { get; init; } = CurrentFormat;

    /// <summary>What a reader of the figures should know: how exact they are, and what of the scenario could not be done.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The shape that this program writes.</summary>
    public const string CurrentFormat = "l4lb.io/lab-result/v1";
}

/// <summary>By what, when and for how long a result was made. Not part of what has to be equal under a seed.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Command">What was typed, as shown to readers.</param>
/// <param name="StartedUtc">When.</param>
/// <param name="WallSeconds">Real time that it took.</param>
/// <param name="Cores">Of the machine.</param>
/// <param name="Events">Simulated events; 0 for a live run.</param>
public sealed record Provenance(string Version, string Command, DateTime StartedUtc, double WallSeconds, int Cores, long Events);

/// <summary>What was asked.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Description">What it is about, in a sentence or two.</param>
/// <param name="Source">The scenario's text, as it was read.</param>
/// <param name="Backends">Number of backends at the start.</param>
/// <param name="OfferedRate">Requests per second offered on average; 0 for closed-loop clients.</param>
/// <param name="OfferedLoad">Offered work as a part of the capacity at the start, 0…; 0 for closed-loop clients.</param>
/// <param name="DurationSeconds">Measured time per run, warm-up excluded.</param>
public sealed record ScenarioSummary(
    string Name, string Description, string Source, int Backends, double OfferedRate, double OfferedLoad, double DurationSeconds);

/// <summary>How a result was found.</summary>
public enum LabMode
{
    /// <summary>In virtual time.</summary>
    Simulated,

    /// <summary>On sockets.</summary>
    Live,

    /// <summary>In virtual time, with the requests of a recorded log.</summary>
    Replayed,
}

/// <summary>What one scheduler did.</summary>
/// <param name="Scheduler">As in the scenario: name, and parameters after commas.</param>
/// <param name="Mode">How it was found.</param>
/// <param name="Runs">One for each seed.</param>
public sealed record SchedulerResult(string Scheduler, LabMode Mode, IReadOnlyList<RunResult> Runs);
