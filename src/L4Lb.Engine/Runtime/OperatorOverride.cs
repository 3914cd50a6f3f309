namespace L4Lb.Engine.Runtime;

/// <summary>What an operator set at run time, over what the desired state says. Immutable; replaced as a whole.</summary>
/// <param name="IsDrained">It gets no new sessions.</param>
/// <param name="Weight">Its weight; null for the desired one.</param>
internal sealed record OperatorOverride(bool IsDrained, int? Weight)
{
    /// <summary>Nothing was set.</summary>
    internal static OperatorOverride None { get; } = new(IsDrained: false, Weight: null);
}
