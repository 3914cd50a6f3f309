using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Host.Cli.Values;

/// <summary>A scheduler and its parameters: <c>wlc</c>, <c>mh,table-size=65537,hash-on=source-port</c>.</summary>
internal static class SchedulerText
{
    /// <summary>Reads a scheduler that the catalog can build.</summary>
    public static SchedulerSpec Read(string text) =>
        (K8s.Annotations.SchedulerText.Parse(text, out var spec) ?? SchedulerCatalog.Validate(spec)) is { } problem
            ? throw new FormatException(problem)
            : spec;
}
