using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine;

/// <summary>
/// The data plane: owns the shards and the control plane, and serves whatever desired state was applied last.
/// All members may be called from any thread.
/// </summary>
public sealed class LoadBalancer : IAsyncDisposable
{
    // Time over which the sessions of a backend that went down are ended.
    private const long ResetSpreadMs = 1000;

    // How often a drain looks whether the last session is over.
    private static readonly TimeSpan s_drainPoll = TimeSpan.FromMilliseconds(10);

    // How often affinity tables that nobody asks any more are looked through.
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromSeconds(5);

    private readonly Admission _admission;
    private readonly ShardWorker[] _workers;
    private readonly ControlPlane _control;
    private readonly HealthMonitor _health;
    private readonly PeriodicTimer _sweepTimer = new(s_sweepInterval);
    private Task _sweeping = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Prepares the shards; nothing listens yet.</summary>
    public LoadBalancer(LoadBalancerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1);
        Options = options;

        // Pipes serve bulk only, and a direction without one copies: an eighth of the descriptors is plenty.
        var descriptors = Descriptors.Limit();
        var pipesPerShard = options.Splice ? Math.Clamp(descriptors / 16 / options.Shards, 1, 256) : 0;
        var flowsMost = options.MaxFlows > 0 ? options.MaxFlows : FlowsMost(descriptors);
        _admission = new Admission(descriptors, pipesPerShard * options.Shards, options.MaxSessions, flowsMost);
        _workers = [.. Enumerable.Range(0, options.Shards).Select(i => new ShardWorker(i, options, _admission, pipesPerShard))];
        Sessions = new LoadBalancerSessions(_workers);
        SessionContext[] contexts = [.. _workers.Select(worker => worker.Context)];
        foreach (var context in contexts)
        {
            context.All = contexts;
        }

        _health = new HealthMonitor(options, services => _control!.RepublishAsync(services), ResetSessions);
        _control = new ControlPlane(_workers, _admission, options, _health);
    }

    /// <summary>The options in force.</summary>
    public LoadBalancerOptions Options { get; }

    /// <summary>The state in force.</summary>
    public DesiredState Desired => _control.Desired;

    /// <summary>Most sessions at once, as the descriptors allow.</summary>
    public int SessionLimit => _admission.Limit;

    /// <summary>Sessions and flows open now.</summary>
    internal int ActiveSessions => _admission.Active;

    /// <summary>The shards, for measuring on their threads.</summary>
    internal IReadOnlyList<Shard> Shards => [.. _workers.Select(worker => worker.Shard)];

    /// <summary>Sessions open now, by shard.</summary>
    internal IReadOnlyList<int> SessionsByShard => [.. _workers.Select(worker => worker.Sessions.Count)];

    /// <summary>Copy buffers, pipes and kept datagrams that sessions and flows hold now; zero when none is open.</summary>
    internal int BuffersRented => _workers.Sum(worker => worker.BuffersRented);

    /// <summary>UDP flows open now, by shard.</summary>
    internal IReadOnlyList<int> FlowsByShard => [.. _workers.Select(worker => worker.Flows.Count)];

    /// <summary>Entries that affinity tables hold, expired ones included, and those that they have memory for.</summary>
    internal (int Held, int Room) AffinityMemory =>
        AffinityTables.Of(_control.Services).Aggregate((0, 0), static (sum, t) => (sum.Item1 + t.Table.Held, sum.Item2 + t.Table.Room));

    /// <summary>Starts the shards' threads.</summary>
    public void Start()
    {
        foreach (var worker in _workers)
        {
            worker.Shard.Start();
        }

        _health.Start();
        _sweeping = SweepAffinityAsync();
    }

    /// <summary>
    /// Makes <paramref name="desired"/> the state in force, or refuses it as a whole and says why. Returns when every
    /// shard has its listeners. Unchanged services are not touched.
    /// </summary>
    public ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken = default) =>
        _control.ApplyAsync(desired, cancellationToken);

    /// <summary>
    /// Gives a backend of a service port another weight, 0…65535, from now on; null lifts that. It holds until the desired
    /// weight of that backend changes or the backend is removed.
    /// </summary>
    public ValueTask<OverrideResult> SetWeightAsync(
        ServiceKey service, IPEndPoint backend, int? weight, CancellationToken cancellationToken = default)
    {
        if (weight is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(weight));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, BackendSpec.MaxWeight, nameof(weight));
        }

        return _control.OverrideAsync(service, backend, set => set with { Weight = weight }, cancellationToken);
    }

    /// <summary>
    /// Keeps new sessions from a backend of a service port, or lets them in again; its old ones go on. It holds until it
    /// is lifted or the backend is removed.
    /// </summary>
    public ValueTask<OverrideResult> SetDrainAsync(
        ServiceKey service, IPEndPoint backend, bool isDrained, CancellationToken cancellationToken = default) =>
        _control.OverrideAsync(service, backend, set => set with { IsDrained = isDrained }, cancellationToken);

    /// <summary>The open sessions and flows.</summary>
    public LoadBalancerSessions Sessions { get; }

    /// <summary>Every listener that was asked for and how it fares.</summary>
    public IReadOnlyList<ListenerStatus> GetListeners() => _control.Listeners;

    /// <summary>Every service port in force with its counters.</summary>
    public IReadOnlyList<ServiceStatus> GetServices() => [.. _control.Services.Select(StatusReader.Read)];

    /// <summary>Times that a client's backend was looked up so far: while it stands still, no affinity entry was used.</summary>
    public long AffinityLookups => AffinityTransfer.CountLookups(_control.Services);

    /// <summary>Affinity entries that <see cref="RestoreAffinity"/> brought back.</summary>
    public int AffinityRestored => _control.AffinityRestored;

    /// <summary>
    /// What every affinity table holds, read as it is enumerated. At most <paramref name="maxEntries"/> in all: beyond
    /// that, large tables are cut to what was used last.
    /// </summary>
    public IEnumerable<AffinityTableState> ExportAffinity(int maxEntries) =>
        AffinityTransfer.Export(_control.Services, maxEntries, Environment.TickCount64);

    /// <summary>
    /// A part of what the tables hold that <paramref name="wanted"/> takes. Who keeps a backend from the first part to the last is
    /// in one of them and no more, unless tables shrink meanwhile; a part costs what it has, however large the tables are.
    /// </summary>
    /// <param name="wanted">Which service ports; without a port for a table of a whole Service.</param>
    /// <param name="after">The <see cref="AffinityPage.Next"/> of the part before; 0 for the beginning.</param>
    /// <param name="limit">Most clients, at least 1.</param>
    public AffinityPage ReadAffinity(Func<ServiceKey, bool> wanted, long after, int limit) =>
        AffinityPages.Read(_control.Services, wanted, after, limit, Environment.TickCount64);

    /// <summary>
    /// Gives back what <see cref="ExportAffinity"/> once read: it is in the tables when the first desired state is in
    /// force, before anything listens. Entries whose time is over, or whose backend is not wanted any more, are dropped.
    /// </summary>
    /// <exception cref="InvalidOperationException">A desired state is in force already.</exception>
    public void RestoreAffinity(IReadOnlyList<AffinityTableState> tables) => _control.RestoreAffinity(tables);

    /// <summary>Ends when every shard has answered: none of them hangs.</summary>
    public Task RespondAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(_workers.Select(static worker => worker.Shard.RunAsync(static () => { }))).WaitAsync(cancellationToken);

    /// <summary>The counters of the whole process.</summary>
    public LoadBalancerTotals GetTotals() => StatusReader.Sum(_workers.Select(worker => worker.Counters));

    /// <summary>
    /// Closes the listeners and waits until the last session is over, at most <paramref name="timeout"/>; sessions
    /// still open then are reset. Returns how many were.
    /// </summary>
    public async Task<int> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await _control.CloseListenersAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        while (_admission.Active > 0 && !deadline.IsCancellationRequested)
        {
            await Task.Delay(s_drainPoll, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var left = _admission.Active;
        await Task.WhenAll(_workers.Select(worker => worker.Shard.RunAsync(() =>
        {
            worker.Sessions.AbortAll(CloseReason.Drained);
            worker.Flows.EndAll(CloseReason.Drained);
        })));
        return left;
    }

    /// <summary>Ends everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _health.DisposeAsync();
        _sweepTimer.Dispose();
        await _sweeping;
        if (_workers[0].Shard.IsRunning)
        {
            await DrainAsync(TimeSpan.Zero);
        }

        foreach (var worker in _workers)
        {
            worker.Dispose();
        }

        _control.Dispose();
    }

    /// <summary>Half of the descriptors, and an eighth of the ports left to others.</summary>
    private static int FlowsMost(int descriptors) => Math.Max(Math.Min(descriptors / 2, EphemeralPorts.Count() * 7 / 8), 1);

    private void ResetSessions(Backend backend)
    {
        foreach (var worker in _workers)
        {
            worker.Shard.Post(
                state =>
                {
                    worker.Sessions.Reset((Backend)state!, ResetSpreadMs);
                    worker.Flows.EndOf((Backend)state!, CloseReason.BackendDown);
                },
                backend);
        }
    }

    private async Task SweepAffinityAsync()
    {
        var sweeper = new AffinitySweeper();
        while (await _sweepTimer.WaitForNextTickAsync())
        {
            sweeper.Sweep([.. AffinityTables.Of(_control.Services).Select(static held => held.Table)], Environment.TickCount64);
        }
    }
}
