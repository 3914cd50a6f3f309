namespace L4Lb.Engine.Desired;

/// <summary>A scheduler by its catalog name, with its parameters.</summary>
/// <param name="Name">Name in the scheduler catalog: <c>rr</c>, <c>wrr</c>, <c>lc</c>, ….</param>
/// <param name="Parameters">Parameters in the order given, each <c>name</c> and <c>value</c> (value empty for a bare name).</param>
public sealed record SchedulerSpec(string Name, EquatableArray<SchedulerParameter> Parameters = default)
{
    /// <summary>The default scheduler.</summary>
    public static SchedulerSpec RoundRobin { get; } = new("rr");
}

/// <summary>One scheduler parameter, such as <c>table-size=65537</c>.</summary>
/// <param name="Name">Parameter name.</param>
/// <param name="Value">Parameter value; empty for a bare name such as <c>sh-port</c>.</param>
public readonly record struct SchedulerParameter(string Name, string Value);
