using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using L4Lb.K8s.Cluster;

namespace L4Lb.Host.ProxyHealth;

/// <summary>
/// Answers on the health check NodePorts of Services. Numbers of endpoints count from the moment at which they are given; ports are
/// opened and closed right after, those that stay are not touched, and those that cannot be opened are tried again.
/// </summary>
internal sealed class HealthCheckServer : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    // Immutable.
    private readonly PortServer _server;
    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly IProxyHealth _health;
    private readonly Action<HealthCheckFailure> _failed;
    private readonly Channel<bool> _changes =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ITimer _retry;
    private readonly Task _running;

    // Any thread.
    private volatile Plan _plan = new([], FrozenDictionary<int, HealthCheckNodePort>.Empty);

    // The running task only.
    private readonly Dictionary<int, List<OpenPort>> _open = [];
    private HashSet<(string Namespace, string Name, int Port)> _failures = [];

    /// <summary>Starts without any port.</summary>
    /// <param name="server">Listens.</param>
    /// <param name="addresses">The node's addresses to listen on, as those of its NodePorts.</param>
    /// <param name="health">How this node's proxy is.</param>
    /// <param name="time">The clock of retries.</param>
    /// <param name="failed">Told once of each port that cannot be opened, until it can be or is no longer wanted.</param>
    public HealthCheckServer(
        PortServer server,
        IReadOnlyList<IPAddress> addresses,
        IProxyHealth health,
        TimeProvider time,
        Action<HealthCheckFailure> failed)
    {
        (_server, _addresses, _health, _failed) = (server, addresses, health, failed);
        _retry = time.CreateTimer(_ => _changes.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = RunAsync();
    }

    /// <summary>Every address of this node.</summary>
    public static IReadOnlyList<IPAddress> AllAddresses { get; } = [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];

    /// <summary>From now on these, and no others. Any thread; returns at once.</summary>
    public void Apply(IReadOnlyList<HealthCheckNodePort> wanted)
    {
        // One port for two Services is possible only for a moment, while a cluster gives it to another one.
        var owners = wanted.OrderBy(static w => w.Namespace, StringComparer.Ordinal).ThenBy(static w => w.Name, StringComparer.Ordinal)
            .DistinctBy(static w => w.Port);
        _plan = new(wanted, owners.ToFrozenDictionary(static w => w.Port));
        _changes.Writer.TryWrite(true);
    }

    /// <summary>Closes all ports.</summary>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _running;
        await _retry.DisposeAsync();
        foreach (var port in _open.Keys.ToList())
        {
            await CloseAsync(port);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync())
        {
            await ReconcileAsync(_plan);
        }
    }

    private async Task ReconcileAsync(Plan plan)
    {
        foreach (var port in _open.Keys.Where(p => !plan.Owners.ContainsKey(p)).ToList())
        {
            await CloseAsync(port);
        }

        var failures = new HashSet<(string, string, int)>();
        foreach (var service in plan.Wanted)
        {
            if (await OpenAsync(service, plan.Owners[service.Port]) is { } problem)
            {
                var key = (service.Namespace, service.Name, service.Port);
                failures.Add(key);
                if (!_failures.Contains(key))
                {
                    _failed(new(service, problem));
                }
            }
        }

        _failures = failures;
        _retry.Change(failures.Count > 0 ? s_retry : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Returns why not, or null when the port is open.</summary>
    private async Task<string?> OpenAsync(HealthCheckNodePort service, HealthCheckNodePort owner)
    {
        if ((owner.Namespace, owner.Name) != (service.Namespace, service.Name))
        {
            return $"the port is that of {owner.Namespace}/{owner.Name}";
        }

        if (_open.ContainsKey(service.Port))
        {
            return null;
        }

        var ports = new List<OpenPort>();
        _open[service.Port] = ports;
        try
        {
            foreach (var address in _addresses)
            {
                ports.Add(_server.Open(new(address, service.Port), context => AnswerAsync(context, service.Port)));
            }

            return null;
        }
        catch (SocketException e)
        {
            // On all addresses or on none, so that a load balancer sees one node.
            await CloseAsync(service.Port);
            return e.Message;
        }
    }

    private async Task CloseAsync(int port)
    {
        if (_open.Remove(port, out var ports))
        {
            foreach (var one in ports)
            {
                await one.DisposeAsync();
            }
        }
    }

    private Task AnswerAsync(HttpContext context, int port)
    {
        if (_plan.Owners.TryGetValue(port, out var service))
        {
            return HealthAnswer.WriteAsync(context, service, !_health.IsSyncOverdue);
        }

        context.Abort(); // The port is about to be closed.
        return Task.CompletedTask;
    }

    private sealed record Plan(IReadOnlyList<HealthCheckNodePort> Wanted, FrozenDictionary<int, HealthCheckNodePort> Owners);
}
