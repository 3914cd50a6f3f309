using System.Net;
using System.Net.Sockets;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Live;

/// <summary>Our balancer, as <c>l4lb run</c> has it, with one service port on loopback.</summary>
internal sealed class OwnMiddle : IMiddle, ISessionLog, IAsyncDisposable
{
    private readonly LoadBalancer _engine;
    private readonly ServiceSpec _service;
    private readonly Dictionary<AddressKey, long> _failuresBefore = [];
    private Task<ApplyResult> _applied = null!;
    private long _revision;
    private long _measuredSince = long.MaxValue;
    private long _retries;

    private OwnMiddle(ServiceSpec service, LiveOptions options)
    {
        _service = service;
        _engine = new LoadBalancer(new LoadBalancerOptions { Shards = options.Shards, SessionLog = this });
        Address = AddressKey.From(service.Listens[0].Address);
    }

    /// <inheritdoc/>
    public AddressKey Address { get; }

    /// <inheritdoc/>
    public bool SeesClients => true;

    /// <summary>Attempts after the first, of sessions that were accepted in measured time.</summary>
    internal long Retries => Interlocked.Read(ref _retries);

    /// <summary>The balancer, for its counters.</summary>
    internal LoadBalancer Engine => _engine;

    /// <summary>Starts it, with these backends.</summary>
    /// <exception cref="IOException">It cannot listen, or does not want what the scenario asks of it.</exception>
    internal static async Task<OwnMiddle> StartAsync(
        Scenario scenario, ComparedScheduler scheduler, LiveOptions options, IEnumerable<(int Id, BackendSpec Spec)> present)
    {
        var spec = LivePlan.RulesFor(scenario, options).ToSpec(new ServiceKey("lab", scenario.Name, "live"), scheduler.Spec, []) with
        {
            Listens = [new ListenSpec { Address = FreeEndPoint(options.IsUdp) }],
            Protocol = options.IsUdp ? TransportProtocol.Udp : TransportProtocol.Tcp,
            Datagrams = DatagramSpec.Default with { Requests = 1, Responses = 1 },
        };
        var middle = new OwnMiddle(spec, options);
        try
        {
            middle._engine.Start();
            middle.Apply(present);
            var applied = await middle._applied;
            var problem = applied.Accepted
                ? middle._engine.GetListeners().Select(static l => l.Problem).FirstOrDefault(static p => p is not null)
                : string.Join("; ", applied.Errors);
            return problem is null ? middle : throw new IOException(problem);
        }
        catch
        {
            await middle.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Apply(IEnumerable<(int Id, BackendSpec Spec)> present)
    {
        var desired = new DesiredState
        {
            Revision = ++_revision,
            Services = [_service with { Backends = present.Select(static b => b.Spec).ToEquatableArray() }],
        };
        _applied = ApplyAfterAsync(_applied, desired);
    }

    /// <inheritdoc/>
    public HashSet<int> Eligible(IEnumerable<LiveBackend> present, bool isFirst)
    {
        var backends = _engine.GetServices()[0].Backends.ToDictionary(static b => AddressKey.From(b.Spec.Address));
        if (isFirst)
        {
            Interlocked.Exchange(ref _measuredSince, _engine.Options.Time.GetUtcNow().UtcTicks);
            foreach (var (address, status) in backends)
            {
                _failuresBefore[address] = status.ConnectFailures;
            }
        }

        return
        [
            .. present.Where(b => b.State.Group.Weight > 0 && backends.GetValueOrDefault(b.Address) is { EffectiveWeight: > 0 })
                .Select(static b => b.State.Id),
        ];
    }

    /// <summary>What the run knows, with what only the balancer does.</summary>
    internal RunResult Complete(RunResult run, IReadOnlyDictionary<string, AddressKey> addresses)
    {
        var failures = _engine.GetServices()[0].Backends.ToDictionary(
            static b => AddressKey.From(b.Spec.Address), static b => b.ConnectFailures);
        long FailedSince(AddressKey address) =>
            Math.Max(0, failures.GetValueOrDefault(address) - _failuresBefore.GetValueOrDefault(address));

        return run with
        {
            Retries = Retries,
            Backends =
            [
                .. run.Backends.Select(b => addresses[b.Name] is var address
                    ? b with { Errors = b.Errors + FailedSince(address) }
                    : b),
            ],
        };
    }

    /// <inheritdoc/>
    public void Closed(in SessionRecord session)
    {
        if (session.Attempts > 1 && session.Accepted.Ticks >= Interlocked.Read(ref _measuredSince))
        {
            Interlocked.Add(ref _retries, session.Attempts - 1);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAny(_applied);
        await _engine.DisposeAsync();
    }

    private async Task<ApplyResult> ApplyAfterAsync(Task<ApplyResult>? before, DesiredState desired)
    {
        // Off the thread of the run, and one after the other.
        await Task.Yield();
        if (before is not null)
        {
            await before;
        }

        return await _engine.ApplyAsync(desired);
    }

    /// <summary>A port of loopback that was free just now.</summary>
    private static IPEndPoint FreeEndPoint(bool isUdp)
    {
        var (type, protocol) = isUdp ? (SocketType.Dgram, ProtocolType.Udp) : (SocketType.Stream, ProtocolType.Tcp);
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
