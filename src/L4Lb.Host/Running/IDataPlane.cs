using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Running;

/// <summary>What the pipeline needs of a <see cref="LoadBalancer"/>; tests stand in for it.</summary>
internal interface IDataPlane
{
    /// <inheritdoc cref="LoadBalancer.Desired"/>
    DesiredState Desired { get; }

    /// <inheritdoc cref="LoadBalancer.ApplyAsync"/>
    ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken);

    /// <inheritdoc cref="LoadBalancer.GetListeners"/>
    IReadOnlyList<ListenerStatus> GetListeners();
}

/// <summary>The engine as the pipeline sees it.</summary>
internal sealed class EngineDataPlane(LoadBalancer engine) : IDataPlane
{
    public DesiredState Desired => engine.Desired;

    public ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken) =>
        engine.ApplyAsync(desired, cancellationToken);

    public IReadOnlyList<ListenerStatus> GetListeners() => engine.GetListeners();
}
