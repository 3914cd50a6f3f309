using L4Lb.Engine.Desired;

namespace L4Lb.Host.Cli.Values;

/// <summary>The values of <c>--affinity</c>: <c>None</c>, <c>ClientIP,timeout=10m</c>.</summary>
internal static class AffinityText
{
    /// <summary>Reads an affinity; null for none.</summary>
    public static AffinitySpec? Read(string text) =>
        K8s.Annotations.AffinityText.Parse(text, out var affinity) is { } problem ? throw new FormatException(problem) : affinity;
}
