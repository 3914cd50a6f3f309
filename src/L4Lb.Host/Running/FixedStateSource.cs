using L4Lb.Engine.Desired;

namespace L4Lb.Host.Running;

/// <summary>A desired state that was given once and stays, as on the command line.</summary>
internal sealed class FixedStateSource(DesiredState desired) : IDesiredStateSource
{
    /// <inheritdoc/>
    public LoadResult Load() => new(desired, []);
}
