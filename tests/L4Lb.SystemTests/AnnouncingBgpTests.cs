using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// Addresses as routes: two nodes with BIRD and the real program, a router with BIRD that spreads its clients over them, and
/// nothing that the nodes have in common but their manifest. The configurations of BIRD are those of <c>deploy/bgp</c>.
/// </summary>
public sealed class AnnouncingBgpTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int TcpPort = 80;
    private const int UdpPort = 53;
    private const int BackendPort = 8080;
    private const int ClientCount = 24;

    private const string Vip = "203.0.113.10";
    private const string VipV6 = "2001:db8:113::10";

    private static readonly string[] s_pods = ["192.0.2.71", "192.0.2.72", "192.0.2.73"];

    // Two neighbours that lost each other wait for up to ten seconds before they try again.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<NetworkNamespace> _nodes = [];
    private readonly List<Bird> _nodeBirds = [];
    private Segment _segment = null!;
    private Segment _outside = null!;
    private NetworkNamespace _router = null!;
    private NetworkNamespace _client = null!;
    private Bird _routerBird = null!;

    public async ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        Requirements.Program("bird");
        _segment = await Segment.CreateAsync();
        _outside = await Segment.CreateAsync();
        try
        {
            await BuildAsync();
        }
        catch
        {
            await DisposeAsync(); // Nobody else does, when this fails.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _segment.DisposeAsync();
        await _outside.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Vip)]
    [InlineData(VipV6)]
    public async Task The_route_appears_with_the_first_ready_endpoint_and_is_withdrawn_with_the_last(string vip)
    {
        await using var l4lb = await StartAsync(0, ready: false);
        await EstablishedAsync(1);
        Assert.Empty(await NextHopsAsync(vip));

        WriteManifest(ready: true);
        await l4lb.SignalAsync("HUP");
        var came = await Eventually.HoldsAsync("the route is there", async () => (await NextHopsAsync(vip)).Count == 1, s_patience);
        await AskAllAsync(vip);

        WriteManifest(ready: false);
        await l4lb.SignalAsync("HUP");
        var went = await Eventually.HoldsAsync("the route is withdrawn", async () => (await NextHopsAsync(vip)).Count == 0);

        output.WriteLine($"{vip}: at the router {came} after the reload was asked for, gone {went} after");
        await l4lb.StopAsync();
    }

    /// <summary>The kernel's address is put again every second, which must be nothing to BIRD.</summary>
    [Fact]
    public async Task An_address_that_stays_is_told_once()
    {
        await using var l4lb = await StartAsync(0, ready: true);
        await Eventually.HoldsAsync("the route is there", async () => (await NextHopsAsync(Vip)).Count == 1, s_patience);
        var before = await UpdatesAsync();
        Assert.Equal(2, before.Count);

        await Task.Delay(TimeSpan.FromSeconds(4)); // What is shown is that nothing happens: there is nothing to wait for.

        Assert.Equal(before, await UpdatesAsync());
        await l4lb.StopAsync();
    }

    [Fact]
    public async Task A_killed_process_takes_its_route_with_it()
    {
        await using var l4lb = await StartAsync(0, ready: true);
        await Eventually.HoldsAsync("the route is there", async () => (await NextHopsAsync(Vip)).Count == 1, s_patience);

        await l4lb.KillAsync();
        var went = await Eventually.HoldsAsync("the route is withdrawn", async () => (await NextHopsAsync(Vip)).Count == 0);

        output.WriteLine($"withdrawn {went} after SIGKILL, with a lease of 3 s");
        Assert.True(went < TimeSpan.FromSeconds(5), $"{went}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_one_leaves_and_clients_reach_the_backends_that_they_had_through_the_other(bool isKilled)
    {
        await using var one = await StartAsync(0, ready: true);
        await using var other = await StartAsync(1, ready: true);
        foreach (var vip in new[] { Vip, VipV6 })
        {
            await Eventually.HoldsAsync("there are two ways", async () => (await NextHopsAsync(vip)).Count == 2, s_patience);
        }

        using var flows = new UdpFlows(_client, new IPEndPoint(IPAddress.Parse(Vip), UdpPort));
        var had = await AskAllAsync(Vip);
        var hadV6 = await AskAllAsync(VipV6);
        var hadByUdp = await AskAllAsync(flows);

        // Both took part, and so did all backends.
        Assert.All(new[] { 0, 1 }, node => Assert.NotEqual(0, new FileInfo(_folder.File($"access-{node}")).Length));
        Assert.Equal(s_pods, had.Values.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(s_pods, hadByUdp.Select(b => b.Address.ToString()).Distinct().Order(StringComparer.Ordinal));

        if (isKilled)
        {
            await one.KillAsync();
        }
        else
        {
            await one.SignalAsync("TERM");
        }

        var left = await Eventually.HoldsAsync("there is one way", async () => (await NextHopsAsync(Vip)).Count == 1, s_patience);
        await Eventually.HoldsAsync("there is one way", async () => (await NextHopsAsync(VipV6)).Count == 1, s_patience);
        output.WriteLine($"one way {left} after {(isKilled ? "SIGKILL" : "SIGTERM")}");

        Assert.Equal(had, await AskAllAsync(Vip));
        Assert.Equal(hadV6, await AskAllAsync(VipV6));
        Assert.Equal(hadByUdp, await AskAllAsync(flows));
        await other.StopAsync();
    }

    /// <summary>A node that lost its power says nothing: BFD finds out.</summary>
    [Fact]
    public async Task A_node_that_is_gone_is_noticed_within_a_second()
    {
        await using var one = await StartAsync(0, ready: true);
        await using var other = await StartAsync(1, ready: true);
        await Eventually.HoldsAsync("there are two ways", async () => (await NextHopsAsync(Vip)).Count == 2, s_patience);
        var had = await AskAllAsync(Vip);

        // BGP does not wait for it, and whom BFD has never seen it does not miss: that is the hold timer's then.
        await Eventually.HoldsAsync("BFD watches both nodes over both families", async () =>
            (await _routerBird.AskAsync("show bfd sessions")).Split('\n').Count(l => l.Contains(" Up ", StringComparison.Ordinal)) == 4);

        await _segment.MoveAsync(_nodes[0], isApart: true); // Its own link stays up, so nobody is told.
        var left = await Eventually.HoldsAsync("there is one way", async () => (await NextHopsAsync(Vip)).Count == 1, s_patience);

        output.WriteLine($"one way {left} after the node was cut off");
        Assert.True(left < TimeSpan.FromSeconds(2), $"{left}");
        Assert.Equal(had, await AskAllAsync(Vip));
        await other.StopAsync();
    }

    private async Task BuildAsync()
    {
        _router = await _segment.AddHostAsync("192.0.2.1/24", "2001:db8:2::1/64");
        await _outside.ConnectAsync(_router, "eth1", "198.51.100.1/24", "2001:db8:51::1/64");
        await ChildProcess.RunAndCheckAsync(
            [.. _router.Enter, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
            "net.ipv4.fib_multipath_hash_policy=1", "net.ipv6.fib_multipath_hash_policy=1"]);
        _client = await _outside.AddHostAsync(
            [.. ClientAddresses(Vip).Select(a => $"{a}/24"), .. ClientAddresses(VipV6).Select(a => $"{a}/64")]);
        await _client.IpAsync("route add default via 198.51.100.1");
        await _client.IpAsync("-6 route add default via 2001:db8:51::1");
        _routerBird = _segment.Add(await Bird.StartAsync(_router, "router-bird.conf"));

        foreach (var number in new[] { 11, 12 })
        {
            var node = await _segment.AddHostAsync($"192.0.2.{number}/24", $"2001:db8:2::{number}/64");
            await node.IpAsync("route add default via 192.0.2.1");
            await node.IpAsync("-6 route add default via 2001:db8:2::1");
            _nodes.Add(node);
            _nodeBirds.Add(_segment.Add(await Bird.StartAsync(node, "bird.conf")));
        }

        var pods = await _segment.AddHostAsync([.. s_pods.Select(p => $"{p}/24"), .. s_pods.Select(p => $"{PodV6(p)}/64")]);
        _segment.Add(await Nginx.StartAsync(pods, BackendPort));
        foreach (var pod in s_pods)
        {
            _segment.Add(pods.Inside(() => new UdpBackend(new IPEndPoint(IPAddress.Parse(pod), BackendPort))));
        }
    }

    private static string PodV6(string pod) => $"2001:db8:2::{pod.Split('.')[3]}";

    private static IEnumerable<string> ClientAddresses(string vip) =>
        Enumerable.Range(10, ClientCount).Select(i => vip == Vip ? $"198.51.100.{i}" : $"2001:db8:51::{i}");

    private Task<L4LbProcess> StartAsync(int node, bool ready) => L4LbProcess.StartAsync(
        _nodes[node].Enter,
        [
            "-f", WriteManifest(ready), "--serve", "ExternalIPs", "--service-cidr", "10.96.0.0/16,fd00:96::/112",
            "--state-dir", _folder.File($"node-{node}"), "--access-log", _folder.File($"access-{node}"),
            "--manage-addresses", "lo", "--announce", "bgp", "--vip-lease", "3s", "--drain-timeout", "1s",
        ]);

    /// <summary>By TCP and UDP on one address, by TCP on the other; the client's address chooses the backend.</summary>
    private string WriteManifest(bool ready)
    {
        static string Service(string name, string protocol, string vip, int port) => $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{name}}, annotations: {l4lb.io/scheduler: maglev} }
            spec:
              ipFamilies: [{{(vip == Vip ? "IPv4" : "IPv6")}}]
              externalIPs: ["{{vip}}"]
              ports: [{port: {{port}}, protocol: {{protocol}}, targetPort: {{BackendPort}} }]
            """;
        string Slice(string name, string protocol, IEnumerable<string> pods) => $$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: {{name}}-1, labels: {kubernetes.io/service-name: {{name}} } }
            addressType: {{(pods.First().Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4")}}
            ports: [{port: {{BackendPort}}, protocol: {{protocol}} }]
            endpoints:
            {{string.Join('\n', pods.Select(p => $"- addresses: [\"{p}\"]\n  conditions: {{ready: {(ready ? "true" : "false")}}}"))}}
            """;
        return _folder.Write("services.yaml", Manifest.Of(
            Service("web", "TCP", Vip, TcpPort), Slice("web", "TCP", s_pods),
            Service("dns", "UDP", Vip, UdpPort), Slice("dns", "UDP", s_pods),
            Service("six", "TCP", VipV6, TcpPort), Slice("six", "TCP", s_pods.Select(PodV6))));
    }

    private Task EstablishedAsync(int nodes) => Eventually.HoldsAsync("the nodes are the router's neighbours", async () =>
    {
        foreach (var bird in _nodeBirds.Take(nodes))
        {
            var protocols = await bird.AskAsync("show protocols");
            if (protocols.Split('\n').Count(l => l.Contains("Established", StringComparison.Ordinal)) != 2)
            {
                return false;
            }
        }

        return true;
    }, s_patience);

    /// <summary>How often the first node's BIRD learnt of an address, by family: what it then tells the router.</summary>
    private async Task<IReadOnlyList<string>> UpdatesAsync() =>
        [.. (await _nodeBirds[0].AskAsync("show protocols all vips")).Split('\n').Where(l => l.Contains("Import updates:", StringComparison.Ordinal))];

    /// <summary>The nodes' sessions with the router, and since when each is as it is.</summary>
    private async Task<string> SessionsAsync()
    {
        var shown = await Task.WhenAll(_nodeBirds.Select(static b => b.AskAsync("show protocols")));
        return string.Join('\n', shown.SelectMany(static s => s.Split('\n')).Where(static l => l.StartsWith("router", StringComparison.Ordinal)));
    }

    /// <summary>The ways to an address that the router's kernel has.</summary>
    private async Task<IReadOnlyList<string>> NextHopsAsync(string vip)
    {
        var words = (await _router.IpAsync($"{(vip == Vip ? "-4" : "-6")} route show {vip}")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Index().Where(w => w.Item == "via").Select(w => words[w.Index + 1]).Distinct()];
    }

    /// <summary>Each client asks, on several connections: which pod answered it, which has to be the same each time.</summary>
    private async Task<Dictionary<string, string>> AskAllAsync(string vip)
    {
        var to = new IPEndPoint(IPAddress.Parse(vip), TcpPort);
        var sessions = await SessionsAsync();
        var answers = new Dictionary<string, string>();
        foreach (var client in ClientAddresses(vip))
        {
            var seen = new HashSet<string>();
            for (var i = 0; i < 4; i++) // Each has another port, and goes another way.
            {
                var pod = await ReachAsync<string>(vip, sessions, async () => await _client.Inside(() => Http.GetAsync(to, IPAddress.Parse(client))));
                seen.Add(pod.Trim('[', ']'));
            }

            answers.Add(client, Assert.Single(seen));
        }

        return answers;
    }

    /// <summary>Each flow asks until it is answered: which backend that was.</summary>
    private async Task<IReadOnlyList<IPEndPoint>> AskAllAsync(UdpFlows flows)
    {
        var sessions = await SessionsAsync();
        var backends = new List<IPEndPoint>();
        foreach (var socket in flows.Sockets)
        {
            backends.Add((await ReachAsync(Vip, sessions, () => socket.AskAsync("who?", TimeSpan.FromSeconds(2)))).Backend);
        }

        return backends;
    }

    /// <summary>
    /// Who stands still for 300 ms is gone for BFD, which happens on a machine with others on its host, and for some seconds there
    /// is no way. So clients try again, but only while a node does its part, and if a node and the router did lose each other.
    /// </summary>
    private async Task<T> ReachAsync<T>(string vip, string sessions, Func<Task<T?>> ask)
        where T : class
    {
        T? answer = null;
        var wasUnreachable = false;
        await Eventually.HoldsAsync($"{vip} answers", async () =>
        {
            try
            {
                answer = await ask();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
            {
                var holders = await Task.WhenAll(_nodes.Select(n => n.IpAsync($"addr show dev lo to {vip}")));
                Assert.Contains(holders, static shown => shown.Length > 0);
                wasUnreachable = true;
            }

            return answer is not null;
        }, s_patience);
        Assert.False(wasUnreachable && sessions == await SessionsAsync(), $"{vip} was unreachable, and no session was lost:\n{sessions}");
        return answer!;
    }

    /// <summary>UDP clients, each with an address and a port that it keeps.</summary>
    private sealed class UdpFlows(NetworkNamespace space, IPEndPoint to) : IDisposable
    {
        public IReadOnlyList<UdpClientSocket> Sockets { get; } =
            space.Inside(() => ClientAddresses(Vip).Select(a => new UdpClientSocket(to, IPAddress.Parse(a))).ToArray());

        public void Dispose()
        {
            foreach (var socket in Sockets)
            {
                socket.Dispose();
            }
        }
    }
}
