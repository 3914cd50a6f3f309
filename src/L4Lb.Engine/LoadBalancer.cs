using L4Lb.Engine.Desired;

namespace L4Lb.Engine;

/// <summary>
/// The data plane: owns the shards and the control plane, and serves whatever desired state was applied last.
/// All members may be called from any thread.
/// </summary>
public sealed class LoadBalancer : IAsyncDisposable
{
    private readonly List<ListenerStatus> _listeners = [];
    private DesiredState _desired = new();

    /// <summary>Prepares the shards; nothing listens yet.</summary>
    public LoadBalancer(LoadBalancerOptions options) => Options = options;

    /// <summary>The options in force.</summary>
    public LoadBalancerOptions Options { get; }

    /// <summary>The state in force.</summary>
    public DesiredState Desired => _desired;

    /// <summary>Starts the shards' threads.</summary>
    public void Start() => _listeners.Clear();

    /// <summary>
    /// Makes <paramref name="desired"/> the state in force, or refuses it as a whole and says why. Returns when every
    /// shard has its listeners. Unchanged services are not touched.
    /// </summary>
    public ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken = default)
    {
        _desired = desired;
        return ValueTask.FromResult(new ApplyResult(desired.Revision, [], 0));
    }

    /// <summary>Every listener that was asked for and how it fares.</summary>
    public IReadOnlyList<ListenerStatus> GetListeners() => _listeners;

    /// <summary>Every service port in force with its counters.</summary>
    public IReadOnlyList<ServiceStatus> GetServices() => [.. _desired.Services.Select(s => new ServiceStatus(s, 0, 0, [], 0))];

    /// <summary>
    /// Closes the listeners and waits until the last session is over, at most <paramref name="timeout"/>; sessions
    /// still open then are reset. Returns how many were.
    /// </summary>
    public Task<int> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => Task.FromResult(_listeners.Count);

    /// <summary>Ends everything at once.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
