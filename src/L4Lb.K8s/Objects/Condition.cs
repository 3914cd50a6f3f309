namespace L4Lb.K8s.Objects;

/// <summary>A <c>meta/v1</c> Condition: one thing that is to be known about an object, and since when.</summary>
/// <param name="Type">What it is about; with a domain in front unless it is Kubernetes' own.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">Why, in one word.</param>
/// <param name="Message">Why, for people.</param>
public sealed record Condition(string Type, string Status, string Reason, string Message)
{
    /// <summary>Since when the status is what it is.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>Generation of the object that it is about; 0 when it does not say.</summary>
    public long ObservedGeneration { get; init; }
}
