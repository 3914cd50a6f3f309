using L4Lb.Engine.Desired;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Replay;

/// <summary>What is asked of a log.</summary>
public sealed record ReplayOptions
{
    /// <summary>The service port, as the log or a manifest has it, also without namespace or port; null for the only one.</summary>
    public string? Service { get; init; }

    /// <summary>What is compared with what was; empty for the usual ones.</summary>
    public IReadOnlyList<ComparedScheduler> Schedulers { get; init; } = [];

    /// <summary>One run of each scheduler for each.</summary>
    public EquatableArray<ulong> Seeds { get; init; } = [1];

    /// <summary>Sessions that a backend serves at a time, the others waiting; null for any number.</summary>
    public int? Workers { get; init; }

    /// <summary>
    /// The service port as manifests have it: its backends with their weights, affinity, limits and timeouts. Null when only the log is
    /// known: all backends that it has, all alike.
    /// </summary>
    public ServiceSpec? Spec { get; init; }

    /// <summary>What is compared when nobody says.</summary>
    public static IReadOnlyList<string> UsualSchedulers { get; } = ["rr", "random", "lc", "p2c", "maglev"];
}
