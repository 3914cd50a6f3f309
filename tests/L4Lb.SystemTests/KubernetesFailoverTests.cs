using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Three nodes that have the addresses of Services among themselves, by a lease of 3 s, and a client on their segment.</summary>
public sealed class KubernetesFailoverTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(3);

    // A whole second of silence is an address that nobody has; a refused or reset request is tried again at once.
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<SiteNode, L4LbProcess> _running = [];
    private ClusterSite _cluster = null!;
    private Pod[] _pods = [];

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSite.StartAsync(nodes: 3);
        _pods = [await _cluster.Nodes[0].StartPodAsync(), await _cluster.Nodes[1].StartPodAsync(), await _cluster.Nodes[2].StartPodAsync()];
        _cluster.PutPool("public", "192.168.77.200-192.168.77.220");
        foreach (var node in _cluster.Nodes)
        {
            await StartAsync(node);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var l4lb in _running.Values)
        {
            await l4lb.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_new_service_answers_within_two_seconds()
    {
        var clock = Stopwatch.StartNew();
        var address = await CreateAsync("web", _pods);
        var given = clock.Elapsed;
        await ServedAsync(address);
        output.WriteLine($"address in the status after {given.TotalMilliseconds:0} ms, first answer after {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Killing_the_announcing_node_moves_its_addresses_within_five_seconds()
    {
        var address = await CreateAsync("web", _pods);
        await ServedAsync(address);
        var holder = await HolderAsync(address);

        await _running[holder].KillAsync();
        var took = await ServedAsync(address);

        output.WriteLine($"served again {took.TotalMilliseconds:0} ms after the kill");
        Assert.NotEqual(holder, await HolderAsync(address));
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
        AssertNeverTwo(address);
    }

    [Fact]
    public async Task A_node_that_loses_its_cable_loses_its_addresses_and_takes_none_back_when_it_returns()
    {
        var address = await CreateAsync("web", _pods);
        await ServedAsync(address);
        var holder = await HolderAsync(address);

        await _cluster.Site.SetCableAsync(holder, isPlugged: false);
        var took = await ServedAsync(address);
        output.WriteLine($"served again {took.TotalMilliseconds:0} ms after the cable was pulled");
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");

        await _cluster.Site.SetCableAsync(holder, isPlugged: true);
        await Eventually.HoldsAsync("one node has the address", async () => (await HoldersAsync(address)).Count == 1);
        Assert.NotEqual(holder, await HolderAsync(address));
        await ServedAsync(address);
        AssertNeverTwo(address);
    }

    [Fact]
    public async Task A_killed_endpoint_costs_no_request()
    {
        var address = await CreateAsync("web", _pods);
        await ServedAsync(address);
        var answered = 0;
        for (var i = 0; i < 60; i++)
        {
            if (i == 20)
            {
                await _pods[1].KillAsync(); // Its address refuses; the API says for a while yet that it is ready.
            }

            answered += await _cluster.AskAsync(new(address, 80), TimeSpan.FromSeconds(3)) is null ? 0 : 1;
        }

        Assert.Equal(60, answered);
    }

    [Fact]
    public async Task Without_the_API_server_everything_goes_on_and_afterwards_it_reconciles()
    {
        var address = await CreateAsync("web", _pods[0], _pods[1]);
        await ServedAsync(address);
        var holder = await HolderAsync(address);

        await _cluster.Api.GoDownAsync();
        var outage = Environment.GetEnvironmentVariable("L4LB_TEST_API_OUTAGE") is { Length: > 0 } text ? TimeSpan.Parse(text) : 4 * s_lease;
        var clock = Stopwatch.StartNew();
        var (asked, answered) = (0, 0);
        var isKilled = false;
        while (clock.Elapsed < outage)
        {
            if (!isKilled && clock.Elapsed > outage / 2)
            {
                await _pods[0].KillAsync();
                isKilled = true;
            }

            asked++;
            answered += await _cluster.AskAsync(new(address, 80), TimeSpan.FromSeconds(3)) is null ? 0 : 1;
            await Task.Delay(20);
        }

        Assert.Equal(asked, answered);
        Assert.Equal(holder, await HolderAsync(address));

        _cluster.PutEndpoints("web", _pods[2]);
        var other = _cluster.Nodes.First(n => n != holder);
        await _cluster.Api.GoUpAsync();
        await Eventually.HoldsAsync(
            "the new endpoint answers", async () => await _cluster.AskAsync(new(address, 80)) == $"{_pods[2].Address}", TimeSpan.FromSeconds(40));
        var next = await CreateAsync("next", _pods[2]);
        await ServedAsync(next);
        Assert.Single(await HoldersAsync(address));
        AssertNeverTwo(address);
    }

    [Fact]
    public async Task A_node_that_is_drained_or_excluded_gives_its_addresses_away_and_loses_no_service()
    {
        var address = await CreateAsync("web", _pods);
        await ServedAsync(address);
        var first = await HolderAsync(address);

        _cluster.PutNode(first, isUnschedulable: true);
        await Eventually.HoldsAsync("the address moves", async () => await TryHolderAsync(address) is { } now && now != first);
        await ServedAsync(address);

        var second = await HolderAsync(address);
        _cluster.PutNode(second, false, ("node.kubernetes.io/exclude-from-external-load-balancers", ""));
        await Eventually.HoldsAsync("the address moves", async () => await TryHolderAsync(address) is { } now && now != second && now != first);
        await ServedAsync(address);
        AssertNeverTwo(address);
    }

    [Fact]
    public async Task A_stopped_node_hands_over_at_once()
    {
        var address = await CreateAsync("web", _pods);
        await ServedAsync(address);
        var holder = await HolderAsync(address);
        await _running[holder].SignalAsync("TERM");
        var took = await ServedByAnotherAsync(address, holder);
        output.WriteLine($"served by another {took.TotalMilliseconds:0} ms after SIGTERM");
        Assert.True(took < s_lease, $"{took}");
        AssertNeverTwo(address);
    }

    [Fact]
    public async Task With_policy_Local_the_address_is_where_an_endpoint_is_and_follows_it()
    {
        var address = await CreateAsync("local", [_pods[1]], ("externalTrafficPolicy", "Local"));
        await ServedAsync(address);
        Assert.Equal(_cluster.Nodes[1], await HolderAsync(address));

        _cluster.PutEndpoints("local", _pods[2]);
        await Eventually.HoldsAsync("it follows", async () => await TryHolderAsync(address) == _cluster.Nodes[2]);
        await ServedAsync(address);
    }

    [Fact]
    public async Task Services_that_share_an_address_are_on_one_node()
    {
        var sharing = new Dictionary<string, string> { ["l4lb.io/allow-shared-ip"] = "ours", ["l4lb.io/load-balancer-ips"] = "192.168.77.215" };
        foreach (var (name, port) in (ValueTuple<string, int>[])[("one", 80), ("two", 81)])
        {
            _cluster.PutEndpoints(name, _pods);
            _cluster.PutService(new ServiceObject(name) { ClusterIPs = [$"10.96.2.{port}"], Ports = [new(port)], Annotations = sharing });
        }

        var address = IPAddress.Parse("192.168.77.215");
        await ServedAsync(address);
        await Eventually.HoldsAsync("both answer", async () => await _cluster.AskAsync(new(address, 81)) is not null);
        Assert.Single(await HoldersAsync(address));
        await _running[await HolderAsync(address)].KillAsync();
        await ServedAsync(address);
        await Eventually.HoldsAsync("both answer", async () => await _cluster.AskAsync(new(address, 81)) is not null);
        Assert.Single(await HoldersAsync(address));
    }

    private async Task StartAsync(SiteNode node) => _running[node] = await _cluster.RunAsync(
        node, "--announce", "l2", "--manage-addresses", "eth0", "--vip-lease", "3s", "--drain-timeout", "2s");

    private Task<IPAddress> CreateAsync(string name, params Pod[] pods) => CreateAsync(name, pods, []);

    private async Task<IPAddress> CreateAsync(string name, Pod[] pods, params (string Field, object Value)[] spec)
    {
        _cluster.PutEndpoints(name, pods);
        _cluster.PutService(new ServiceObject(name)
        {
            ClusterIPs = [$"10.96.2.{name.Length}"],
            Spec = spec.ToDictionary(static s => s.Field, static s => s.Value),
        });
        await Eventually.HoldsAsync($"{name} has an address", () => _cluster.IngressOf(name).Count > 0);
        return IPAddress.Parse(_cluster.IngressOf(name)[0]);
    }

    /// <summary>How long until a client that tries again and again is served.</summary>
    private Task<TimeSpan> ServedAsync(IPAddress address) =>
        Eventually.HoldsAsync($"{address} answers", async () => await _cluster.AskAsync(new(address, 80), s_retry) is not null);

    private Task<TimeSpan> ServedByAnotherAsync(IPAddress address, SiteNode before) => Eventually.HoldsAsync(
        $"{address} answers elsewhere",
        async () => await TryHolderAsync(address) is { } now && now != before && await _cluster.AskAsync(new(address, 80), s_retry) is not null);

    private async Task<SiteNode> HolderAsync(IPAddress address)
    {
        await Eventually.HoldsAsync($"one node has {address}", async () => (await HoldersAsync(address)).Count == 1);
        return (await HoldersAsync(address))[0];
    }

    private async Task<SiteNode?> TryHolderAsync(IPAddress address) => await HoldersAsync(address) is [var only] ? only : null;

    /// <summary>The nodes whose kernel has the address.</summary>
    private async Task<IReadOnlyList<SiteNode>> HoldersAsync(IPAddress address)
    {
        var holders = new List<SiteNode>();
        foreach (var node in _cluster.Nodes)
        {
            if ((await node.Space.IpAsync("-o addr show dev eth0")).Contains($" {address}/", StringComparison.Ordinal))
            {
                holders.Add(node);
            }
        }

        return holders;
    }

    /// <summary>By what went over the wire, two never had the address for longer than the lease.</summary>
    private void AssertNeverTwo(IPAddress address)
    {
        var overlap = _cluster.Site.Wire.LongestOverlap(address);
        output.WriteLine($"two claimed {address} for {overlap.TotalMilliseconds:0} ms at most");
        Assert.True(overlap <= s_lease, $"two claimed {address} for {overlap}");
    }
}
