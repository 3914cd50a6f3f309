using L4Lb.Engine.Affinity;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Limits;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// One load balancer's view of the service, made by the engine's own code: identities and counts of backends, health, affinity,
/// and the snapshot that its sessions go by. For one thread.
/// </summary>
internal sealed class Balancer
{
    private static readonly ListenSpec s_listen = new() { Address = new(System.Net.IPAddress.Parse("192.0.2.1"), 80) };

    private readonly Scenario _scenario;
    private readonly SchedulerSpec _scheduler;
    private readonly Dictionary<AddressKey, Backend> _identities = [];
    private readonly Queue<Action> _posted = new();
    private readonly SchedulerMemory _memory;
    private readonly SchedulerMemory _localMemory;
    private readonly AffinityTable? _affinity;
    private readonly HealthRoster _health;
    private readonly DueQueue _due = new();
    private readonly ServiceKey _key;
    private readonly bool[]? _subset;
    private readonly int[] _shared;
    private Server[] _servers = [];

    internal Balancer(int index, Scenario scenario, SchedulerSpec scheduler, ulong seed, World world)
    {
        (Index, _scenario, _scheduler) = (index, scenario, scheduler);
        _key = new ServiceKey("lab", scenario.Name, "http");
        var dice = new Dice(seed, Purpose.Schedulers, (ulong)index);
        _memory = new SchedulerMemory(dice.Next());
        _localMemory = new SchedulerMemory(dice.Next(), _memory.Total);
        if (scenario.Service.Affinity is { } affinity)
        {
            _affinity = new AffinityTable(affinity.MaxEntries, (long)affinity.Timeout.TotalMilliseconds, dice.Next());
        }

        _subset = DrawSubset(scenario.Balancers.Subset, world.Servers.Length, new Dice(seed, Purpose.Subsets, (ulong)index));
        _shared = new int[world.Servers.Length];
        var clock = new HealthClock(world.Time);
        var chance = new Dice(seed, Purpose.Health, (ulong)index);
        var republisher = new Republisher(clock, _due, _posted.Enqueue, Republish, backend => world.Reset(this, backend));
        _health = new HealthRoster(new HealthContext(
            clock, _due, world.ChecksOf(this), republisher, _posted.Enqueue, ProbeFactory.Create, () => chance.NextUnit(), null));
    }

    internal int Index { get; }

    /// <summary>Its service port: counts, snapshot, queue.</summary>
    internal Service Service { get; private set; } = null!;

    /// <summary>What is in force.</summary>
    internal ServiceSnapshot Snapshot { get; private set; } = null!;

    /// <summary>Who may serve.</summary>
    internal BackendPool Pool { get; private set; } = null!;

    /// <summary>Times that it was compiled.</summary>
    internal int Compiled { get; private set; }

    /// <summary>The time, in engine's milliseconds, when health next has something to do; null for never.</summary>
    internal long? HealthDueMs => _due.NextMs;

    /// <summary>The time for which its next health event stands in the queue of events.</summary>
    internal long HealthScheduled { get; set; } = long.MaxValue;

    /// <summary>Where it is addressed.</summary>
    internal AddressKey Listen { get; } = AddressKey.From(s_listen.Address);

    /// <summary>The servers of the pool, by index.</summary>
    internal Server ServerAt(int index) => _servers[index];

    /// <summary>Puts in force who belongs to the service, as the control plane does on a change of its endpoints.</summary>
    internal void Apply(Server[] all)
    {
        _servers = [.. all.Where(server => server.IsPresent && (_subset is null || _subset[server.Id]))];
        var wanted = _servers.Select(static server => server.Spec).ToEquatableArray();
        var spec = _scenario.Service.ToSpec(_key, _scheduler, wanted) with { Listens = [s_listen] };
        Compile(spec);
        _health.Follow([], [new ObservedService(spec, _identities)]);
        RunPosted();
    }

    /// <summary>Does what health has to do now.</summary>
    internal void RunHealth(long nowMs)
    {
        _due.RunDue(nowMs);
        RunPosted();
    }

    /// <summary>Does what sessions or checks have posted.</summary>
    internal void RunPosted()
    {
        while (_posted.TryDequeue(out var work))
        {
            work();
        }
    }

    /// <summary>The same pool, with memory of its own: to be asked without consequences.</summary>
    internal BackendPool Copy()
    {
        var memory = new SchedulerMemory(1, _memory.Total);
        return SnapshotBuilder.Build(Snapshot.Spec, _identities, memory, new SchedulerMemory(1, _memory.Total), affinity: null).Cluster;
    }

    /// <summary>Its own sessions at each of its servers are added to <paramref name="counts"/>, by id.</summary>
    internal void AddCounts(int[] counts)
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            counts[_servers[i].Id] += OwnAt(i);
        }
    }

    /// <summary>From now on it believes that others have what of <paramref name="counts"/> is not its own, until it is told again.</summary>
    internal void LearnCounts(int[] counts)
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            var (id, load) = (_servers[i].Id, Pool[i].Load);
            var others = counts[id] - OwnAt(i);
            for (; _shared[id] < others; _shared[id]++)
            {
                load.Acquire();
            }

            for (; _shared[id] > others; _shared[id]--)
            {
                load.Release();
            }
        }
    }

    private int OwnAt(int index) => Pool[index].Load.Active - _shared[_servers[index].Id];

    private ValueTask Republish(IEnumerable<ServiceKey> services)
    {
        Compile(Snapshot.Spec);
        return ValueTask.CompletedTask;
    }

    private void Compile(ServiceSpec spec)
    {
        foreach (var removed in ServiceEntry.Reconcile(_identities, spec, _memory.Total))
        {
            // Whoever left is nobody's to tell of any more.
            ForgetShared(removed);
        }

        Snapshot = SnapshotBuilder.Build(spec, _identities, _memory, _localMemory, _affinity);
        Pool = Snapshot.Cluster;
        Service ??= new Service(_key, Snapshot, _memory, _localMemory);
        Service.Snapshot = Snapshot;
        Service.Sources ??= SourceTable.Exchange(null, spec.Limits.PerSource);
        Service.Queue.Offer();
        Compiled++;
    }

    private void ForgetShared(Backend removed)
    {
        var id = Server.IdOf(removed.Address);
        for (; _shared[id] > 0; _shared[id]--)
        {
            removed.Load.Release();
        }
    }

    private static bool[]? DrawSubset(int? size, int all, Dice dice)
    {
        if (size is not { } wanted || wanted >= all)
        {
            return null;
        }

        var order = Enumerable.Range(0, all).ToArray();
        var subset = new bool[all];
        for (var i = 0; i < wanted; i++)
        {
            var other = i + dice.Next(all - i);
            (order[i], order[other]) = (order[other], order[i]);
            subset[order[i]] = true;
        }

        return subset;
    }
}
