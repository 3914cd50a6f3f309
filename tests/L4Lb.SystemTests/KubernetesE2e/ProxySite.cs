using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.KubernetesE2e;

/// <summary>
/// Two nodes with <c>l4lb</c> as the proxy and the provider of the whole cluster; the client's way to every address of a Service
/// is by way of node-1. The tests of a class share it, each with Services of its own.
/// </summary>
public sealed class ProxySite : IAsyncLifetime
{
    private static readonly string[] s_options =
        ["--serve", "ClusterIP,NodePort,LoadBalancer,ExternalIPs", "--manage-addresses", "cni0"];

    private readonly List<L4LbProcess> _running = [];
    private int _addresses;

    internal ClusterSite Cluster { get; private set; } = null!;

    internal SiteNode Node1 => Cluster.Nodes[0];

    internal SiteNode Node2 => Cluster.Nodes[1];

    /// <summary>Three pods: two on node-1, the third on node-2.</summary>
    internal IReadOnlyList<Pod> Pods { get; private set; } = [];

    /// <summary>A pod on node-1 that asks, and is nobody's endpoint.</summary>
    internal Pod Asker { get; private set; } = null!;

    /// <summary>The program on node-1.</summary>
    internal L4LbProcess L4Lb => _running[0];

    public async ValueTask InitializeAsync()
    {
        Cluster = await ClusterSite.StartAsync(nodes: 2);
        Pods = [await Node1.StartPodAsync(), await Node1.StartPodAsync(), await Node2.StartPodAsync()];
        Asker = await Node1.StartPodAsync();
        await Cluster.Client.IpAsync($"route add 10.96.0.0/16 via {Node1.Address}");
        await Cluster.Client.IpAsync($"route add 203.0.113.0/24 via {Node1.Address}");
        Cluster.PutPool("public", "203.0.113.0/25");
        foreach (var node in Cluster.Nodes)
        {
            _running.Add(await Cluster.RunAsync(node, s_options));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var l4lb in _running)
        {
            await l4lb.DisposeAsync();
        }

        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    /// <summary>Ends the program on node-1 in order, and starts it again.</summary>
    internal async Task RestartAsync()
    {
        await _running[0].StopAsync();
        await _running[0].DisposeAsync();
        _running[0] = await Cluster.RunAsync(Node1, s_options);
    }

    /// <summary>A ClusterIP, and a number for what else has to be a test's own.</summary>
    internal (IPAddress ClusterIP, int Number) Next()
    {
        var number = Interlocked.Increment(ref _addresses);
        return (IPAddress.Parse($"10.96.1.{number}"), number);
    }

    /// <summary>The address that the Service was given, once it has one.</summary>
    internal async Task<IPAddress> IngressAsync(string service)
    {
        await Eventually.HoldsAsync($"{service} has an address", () => Cluster.IngressOf(service).Count > 0);
        return IPAddress.Parse(Cluster.IngressOf(service)[0]);
    }

    /// <summary>Waits until the answers of several requests come from these pods, from all of them and nobody else.</summary>
    internal Task ReachesAsync(IPEndPoint to, params Pod[] pods) => ReachesAsync(Cluster.Client, to, pods);

    /// <inheritdoc cref="ReachesAsync(IPEndPoint, Pod[])"/>
    internal static async Task ReachesAsync(NetworkNamespace from, IPEndPoint to, params Pod[] pods)
    {
        var expected = string.Join(' ', pods.Select(static p => p.Address.ToString()).Order(StringComparer.Ordinal));
        var actual = "";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        do
        {
            var answers = new SortedSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < 2 * pods.Length; i++)
            {
                answers.Add(await ClusterSite.AskAsync(from, to) ?? "nobody");
            }

            actual = string.Join(' ', answers);
        }
        while (actual != expected && clock.Elapsed < Eventually.Deadline);
        Assert.Equal(expected, actual);
    }

    /// <summary>Waits until a connection is refused: by a reset, not by silence.</summary>
    internal Task RefusesAsync(IPEndPoint to) => RefusesAsync(Cluster.Client, to);

    /// <inheritdoc cref="RefusesAsync(IPEndPoint)"/>
    internal static Task RefusesAsync(NetworkNamespace from, IPEndPoint to) =>
        Eventually.HoldsAsync($"{to} refuses", () => FailsAsync(from, to, SocketError.ConnectionRefused));

    /// <summary>Waits until nothing is heard of a connection, or that there is no way.</summary>
    internal Task IsSilentAsync(IPEndPoint to) => Eventually.HoldsAsync(
        $"{to} is silent", async () => await FailsAsync(Cluster.Client, to, SocketError.TimedOut, SocketError.HostUnreachable, SocketError.NetworkUnreachable));

    private static async Task<bool> FailsAsync(NetworkNamespace from, IPEndPoint to, params SocketError[] errors)
    {
        try
        {
            await from.Inside(() => Http.GetAsync(to, patience: TimeSpan.FromSeconds(1)));
            return false;
        }
        catch (SocketException e)
        {
            return errors.Contains(e.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return errors.Contains(SocketError.TimedOut);
        }
    }
}
