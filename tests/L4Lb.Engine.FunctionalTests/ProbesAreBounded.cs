using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>However many backends there are, only so many checks run at a time, and none outlives the balancer.</summary>
public sealed class ProbesAreBounded : FunctionalTest
{
    private const int Backends = 60;
    private const int Most = 5;

    private readonly Lock _lock = new();
    private readonly HashSet<IPAddress> _checked = [];
    private int _running;
    private int _peak;

    [Fact]
    public async Task To_the_number_that_was_set()
    {
        var server = Own(LoopbackBackend.Serving(ServeAsync, IPAddress.Any));
        var balancer = await StartAsync(new LoadBalancerOptions { MaxConcurrentProbes = Most }, Service(server));

        await Eventually.EqualsAsync(Backends, () => CheckedCount, "the number of backends checked");

        Assert.InRange(_peak, 2, Most);
        await Eventually.HoldsAsync(
            () => balancer.GetServices()[0].Backends.All(backend => backend.Health.State == HealthState.Up), () => "not all are up");
    }

    [Fact]
    public async Task What_runs_ends_with_the_balancer()
    {
        var server = Own(LoopbackBackend.Serving(async connection => await connection.ReceiveToEndAsync(), IPAddress.Any));
        var balancer = await StartAsync(new LoadBalancerOptions { MaxConcurrentProbes = Most }, Service(server));
        await Eventually.EqualsAsync(Most, () => server.Open, "the number of checks that run");

        await balancer.DisposeAsync();

        await Eventually.EqualsAsync(0, () => server.Open, "the number of checks that run");
        Assert.Equal(Most, server.Accepted);
    }

    private int CheckedCount
    {
        get
        {
            lock (_lock)
            {
                return _checked.Count;
            }
        }
    }

    private static ServiceSpec Service(LoopbackBackend server) => Specs.Service() with
    {
        Backends =
        [
            .. Enumerable.Range(1, Backends).Select(i => new BackendSpec
            {
                Address = new IPEndPoint(new IPAddress([127, 0, 1, (byte)i]), server.EndPoint.Port),
            }),
        ],
        Health = new HealthSpec
        {
            Probe = new ProbeSpec { Kind = ProbeKind.Http, Interval = TimeSpan.FromMilliseconds(1), Timeout = Eventually.Deadline },
        },
    };

    /// <summary>Counts a request until it is answered: the next check cannot begin before.</summary>
    private async Task ServeAsync(TestConnection connection)
    {
        await connection.ReceiveAsync(new byte[1024]);
        lock (_lock)
        {
            _peak = Math.Max(_peak, ++_running);
            _checked.Add(((IPEndPoint)connection.Socket.LocalEndPoint!).Address);
        }

        await Task.Delay(2);
        lock (_lock)
        {
            _running--;
        }

        await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
    }
}
