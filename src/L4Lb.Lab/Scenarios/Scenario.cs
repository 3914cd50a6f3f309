using L4Lb.Engine.Desired;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Scenarios;

/// <summary>A question to the lab: these backends, this traffic, these schedulers. Immutable.</summary>
public sealed record Scenario
{
    /// <summary><c>metadata.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows, in a sentence or two.</summary>
    public string Description { get; init; } = "";

    /// <summary>The text that it was read from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Measured time; with <see cref="Requests"/> the time in which so many come.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measured requests, in place of a duration; null when that counts.</summary>
    public long? Requests { get; init; }

    /// <summary>Time before, in which traffic flows and nothing is measured.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>One run of each scheduler for each.</summary>
    public EquatableArray<ulong> Seeds { get; init; } = [1];

    /// <summary>What is compared.</summary>
    public required EquatableArray<ComparedScheduler> Schedulers { get; init; }

    /// <summary>Who serves.</summary>
    public required EquatableArray<BackendGroup> Backends { get; init; }

    /// <summary>What goes wrong, or changes.</summary>
    public EquatableArray<Fault> Faults { get; init; } = [];

    /// <summary>When requests come.</summary>
    public required ArrivalSpec Arrivals { get; init; }

    /// <summary>Whose they are.</summary>
    public ClientSpec Clients { get; init; } = new();

    /// <summary>How long a client waits for its answer; null: for ever.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Length of an answer in bytes, for schedulers that count them.</summary>
    public int AnswerBytes { get; init; } = 16384;

    /// <summary>How many balance, and what they know.</summary>
    public BalancerSpec Balancers { get; init; } = new();

    /// <summary>The rules by which they do.</summary>
    public ServiceRules Service { get; init; } = new();

    /// <summary>Backends at the start.</summary>
    public int BackendCount => Backends.Sum(static group => group.Count);

    /// <summary>Requests per second that the backends of the start can do.</summary>
    public double Capacity => Backends.Sum(static group => group.Capacity);

    /// <summary>Requests per second offered on average; 0 for a closed loop.</summary>
    public double OfferedRate => Arrivals is ClosedArrivals ? 0 : Arrivals.Rate ?? (Arrivals.Load!.Value * Capacity);

    /// <summary>When requests come as they once did: when that was, and whose they were.</summary>
    public Trace? Trace => Arrivals switch
    {
        LoggedArrivals logged => logged.Trace,
        ReplayedArrivals replayed => replayed.Trace,
        _ => null,
    };

    /// <summary>Measured seconds.</summary>
    public double MeasuredSeconds => Requests is { } requests && OfferedRate > 0 ? requests / OfferedRate : Duration.TotalSeconds;
}

/// <summary>A scheduler to compare.</summary>
/// <param name="Text">As in the annotation <c>l4lb.io/scheduler</c>.</param>
/// <param name="Spec">What that means.</param>
public sealed record ComparedScheduler(string Text, SchedulerSpec Spec);

/// <summary>Backends of one kind.</summary>
/// <param name="Name">Their name; the n-th is <c>name-n</c>, counted from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Work">How long one request takes a worker.</param>
public sealed record BackendGroup(string Name, int Count, Distribution Work)
{
    /// <summary>Their weight.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Requests that one serves at once.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Most requests that wait at one; whoever comes then is refused. Null for any number.</summary>
    public int? Queue { get; init; }

    /// <summary>How long a connect takes; null for no time.</summary>
    public Distribution? Connect { get; init; }

    /// <summary>What each remembers of its clients; null: all requests are alike to it.</summary>
    public CacheSpec? Cache { get; init; }

    /// <summary>Requests per second that all of them can do.</summary>
    public double Capacity => Count * Workers / Work.Mean;
}

/// <summary>A cache of clients, each in the one place that its hash gives it, from which another drives it out.</summary>
/// <param name="Entries">Places.</param>
/// <param name="MissFactor">A request of a client that is not there takes so many times as long.</param>
public sealed record CacheSpec(int Entries, double MissFactor);

/// <summary>The load balancers, each with schedulers, affinity and health of its own. Requests are spread over them by chance.</summary>
/// <param name="Count">How many.</param>
/// <param name="Subset">Backends that each knows, drawn by chance; null: all.</param>
/// <param name="ShareCountsEvery">
/// They tell each other how many sessions they have at each backend, so often; what the others have is as old as that. Null:
/// each knows its own alone.
/// </param>
public sealed record BalancerSpec(int Count = 1, int? Subset = null, TimeSpan? ShareCountsEvery = null);

/// <summary>What the fields and annotations of a Service say, but for its scheduler.</summary>
public sealed record ServiceRules
{
    /// <summary>Client affinity; null for none.</summary>
    public AffinitySpec? Affinity { get; init; }

    /// <summary>How it is found out who can serve: as on a Service without annotations, by sessions that cannot connect.</summary>
    public HealthSpec Health { get; init; } = HealthSpec.None with { Outlier = OutlierSpec.Default };

    /// <summary>Attempts and their deadlines.</summary>
    public TimeoutSpec Timeouts { get; init; } = TimeoutSpec.Default;

    /// <summary>Bounds on sessions.</summary>
    public LimitSpec Limits { get; init; } = LimitSpec.None;

    /// <summary>The service port with these rules.</summary>
    /// <param name="key">Its identity.</param>
    /// <param name="scheduler">Its scheduler.</param>
    /// <param name="backends">Who serves.</param>
    public ServiceSpec ToSpec(ServiceKey key, SchedulerSpec scheduler, EquatableArray<BackendSpec> backends) => new()
    {
        Key = key,
        Scheduler = scheduler,
        Backends = backends,
        Affinity = Affinity,
        Health = Health,
        Timeouts = Timeouts,
        Limits = Limits,
    };
}
