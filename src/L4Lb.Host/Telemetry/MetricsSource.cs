using L4Lb.Dns.Serving;
using L4Lb.Engine;
using L4Lb.Host.Addresses;
using L4Lb.Host.Announcing;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Telemetry;

/// <summary>Where the figures come from. Any thread.</summary>
/// <param name="engine">The data plane: its counters are read as they are, which costs it nothing.</param>
/// <param name="status">How the instance fares.</param>
/// <param name="settings">How many series there may be.</param>
internal sealed class MetricsSource(LoadBalancer engine, InstanceStatus status, MetricsSettings settings)
{
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly SeriesChoice _choice = new(settings);

    // Any thread.
    private volatile IReadOnlyList<AddressStatus> _addresses = [];
    private long _conflicts;

    /// <summary>Has the addresses; null for nobody.</summary>
    public IAddressHolder? Addresses
    {
        get;
        init
        {
            field = value;
            if (value is Announcer announcer)
            {
                announcer.Conflict += _ => Interlocked.Increment(ref _conflicts);
            }
        }
    }

    /// <summary>The provider of a cluster; null without.</summary>
    public LeadingProvider? Provider { get; init; }

    /// <summary>The Services that wait for an address.</summary>
    public Func<IEnumerable<WaitingService>> Waiting { get; init; } = static () => [];

    /// <summary>Questions for names; null where none are answered.</summary>
    public DnsCounters? Dns { get; init; }

    /// <summary>The access log; null without.</summary>
    public AccessLog? AccessLog { get; init; }

    /// <summary>How many series there may be.</summary>
    public MetricsSettings Settings => settings;

    /// <summary>Asks for what cannot be read at once. Without it, readings have what was known the last time.</summary>
    public async Task RefreshAsync()
    {
        if (Addresses is { } holder)
        {
            _addresses = await holder.ListAsync();
        }
    }

    /// <summary>Reads everything.</summary>
    public MetricsReading Read()
    {
        // Chosen by one at a time; and many who ask at once need not all have a snapshot of everything.
        lock (_lock)
        {
            var services = engine.GetServices();
            return new MetricsReading
            {
                Totals = engine.GetTotals(),
                Services = services,
                Series = _choice.Choose(services),
                Listeners = engine.GetListeners(),
                Instance = status.Current,
                SessionLimit = engine.SessionLimit,
                Addresses = _addresses,
                AddressConflicts = Interlocked.Read(ref _conflicts),
                Pools = Provider?.Usage ?? [],
                Waiting = Provider is { IsLeader: true } ? [.. Waiting()] : [],
                IsLeader = Provider?.IsLeader,
                Dns = Dns,
                AccessLogDropped = AccessLog?.Dropped ?? 0,
            };
        }
    }
}
