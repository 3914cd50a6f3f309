namespace L4Lb.Engine.Desired;

/// <summary>One reason why a desired state is refused.</summary>
/// <param name="Path">Which service and field, as <c>namespace/name:port listens[0].address</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ValidationError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
