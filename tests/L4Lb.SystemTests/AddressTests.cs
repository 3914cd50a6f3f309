using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// Every kind of address, in network namespaces: a load balancer and its clients, joined by a cable, with no way out.
/// The clients send whatever is not theirs to the load balancer, as a cluster's router would.
/// </summary>
public sealed class AddressTests : IAsyncLifetime
{
    private const int NodePort = 30061;
    private const int BackendPort = 9376;
    private const string Cable = "lbtest0";
    private const string Backend = "127.0.0.11";

    private const string ClusterIP = "10.0.171.239";
    private const string LoadBalancerIP = "203.0.113.10";
    private const string ExternalIP = "80.11.12.10";
    private const string ExternalIPv6 = "fd00:80::10";

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _cleanup = [];
    private NetworkNamespace _lb = null!;
    private NetworkNamespace _clients = null!;

    public async ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        Requirements.Program("curl");
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
        foreach (var item in _cleanup.AsEnumerable().Reverse())
        {
            await item.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Addresses_that_no_interface_has_are_listened_on()
    {
        await using var l4lb = await StartAsync(WriteAll());

        Assert.DoesNotContain(l4lb.Log, l => l.Contains("does not listen", StringComparison.Ordinal));
        Assert.Superset(new HashSet<int> { 80, 443, NodePort }, TcpTable.ListeningPorts(l4lb.Id).ToHashSet());

        // The address arrives later, and is served without a reload.
        await AssertServedAsync(expected: false, $"http://{ExternalIP}/");
        await _lb.IpAsync($"addr add {ExternalIP}/32 dev {Cable}");
        await AssertServedAsync(expected: true, $"http://{ExternalIP}/");
        await l4lb.StopAsync();
        Assert.Contains(ExternalIP, await AddressesAsync()); // Not ours to remove.
    }

    [Fact]
    public async Task Managed_addresses_come_are_reached_from_elsewhere_and_go_at_the_end()
    {
        await using var l4lb = await StartAsync(WriteAll(), "--manage-addresses", Cable);

        foreach (var url in new[]
        {
            $"http://{ClusterIP}/", $"http://{LoadBalancerIP}/", $"http://{ExternalIP}/", $"http://10.77.0.1:{NodePort}/", $"http://[{ExternalIPv6}]:443/",
        })
        {
            await AssertServedAsync(expected: true, url);
        }

        await l4lb.StopAsync();

        var left = await AddressesAsync();
        Assert.All([ClusterIP, LoadBalancerIP, ExternalIP, ExternalIPv6], address => Assert.DoesNotContain(address, left));
        Assert.Contains("10.77.0.1", left);
    }

    [Fact]
    public async Task A_reload_adds_and_removes_managed_addresses()
    {
        var manifest = WriteAll();
        await using var l4lb = await StartAsync(manifest, "--manage-addresses", Cable);
        Assert.Contains(ExternalIP, await AddressesAsync());

        WriteExternalIPs("198.51.100.7");
        await l4lb.ReloadAsync();

        await AssertServedAsync(expected: true, "http://198.51.100.7/");
        var now = await AddressesAsync();
        Assert.Contains("198.51.100.7", now);
        Assert.All([LoadBalancerIP, ExternalIP], address => Assert.DoesNotContain(address, now));
        await l4lb.StopAsync();
    }

    [Fact]
    public async Task What_a_killed_run_left_is_cleaned_up_and_an_address_that_was_there_before_stays()
    {
        const string Before = "198.51.100.50";
        await _lb.IpAsync($"addr add {Before}/32 dev {Cable}");
        var manifest = WriteExternalIPs(Before, ExternalIP, "198.51.100.7");
        await using (var killed = await StartAsync(manifest, "--manage-addresses", Cable))
        {
            await killed.KillAsync();
        }

        Assert.Contains("198.51.100.7", await AddressesAsync()); // It had no time to clean up.

        WriteExternalIPs(ExternalIP);
        await using var next = await StartAsync(manifest, "--manage-addresses", Cable);

        var now = await AddressesAsync();
        Assert.DoesNotContain("198.51.100.7", now);
        Assert.Contains(ExternalIP, now);
        Assert.Contains(Before, now);
        await AssertServedAsync(expected: true, $"http://{ExternalIP}/");

        await next.StopAsync();

        var left = await AddressesAsync();
        Assert.DoesNotContain(ExternalIP, left);
        Assert.Contains(Before, left);
    }

    [Fact]
    public async Task Source_ranges_let_one_client_in_and_keep_another_out_on_the_node_port_too()
    {
        var manifest = WriteAll("loadBalancerSourceRanges: [10.77.0.2/32]");
        await using var l4lb = await StartAsync(manifest, "--manage-addresses", Cable);

        foreach (var url in new[] { $"http://{LoadBalancerIP}/", $"http://{ExternalIP}/", $"http://10.77.0.1:{NodePort}/" })
        {
            await AssertServedAsync(expected: true, url, "--interface", "10.77.0.2");
            await AssertServedAsync(expected: false, url, "--interface", "10.77.0.3");
        }

        // A ClusterIP is for the inside, where source ranges do not hold.
        await AssertServedAsync(expected: true, $"http://{ClusterIP}/", "--interface", "10.77.0.3");
        await l4lb.StopAsync();
    }

    private async Task BuildAsync()
    {
        _lb = await CreateAsync();
        _clients = await CreateAsync();
        await NetworkNamespace.ConnectAsync(_lb, _clients, Cable);
        foreach (var address in new[] { "10.77.0.1/24", "fd77::1/64" })
        {
            await _lb.IpAsync($"addr add {address} dev {Cable} {NoDetection(address)}".TrimEnd());
        }

        foreach (var address in new[] { "10.77.0.2/24", "10.77.0.3/24", "fd77::2/64", "fd77::3/64" })
        {
            await _clients.IpAsync($"addr add {address} dev {Cable} {NoDetection(address)}".TrimEnd());
        }

        await _lb.IpAsync($"link set {Cable} up");
        await _clients.IpAsync($"link set {Cable} up");
        await _clients.IpAsync("route add default via 10.77.0.1");
        await _clients.IpAsync("-6 route add default via fd77::1");
        _cleanup.Add(await Nginx.StartAsync(_lb, BackendPort));
    }

    /// <summary>IPv6 addresses are usable at once, without asking first whether somebody else has them.</summary>
    private static string NoDetection(string address) => address.Contains(':', StringComparison.Ordinal) ? "nodad" : "";

    private async Task<NetworkNamespace> CreateAsync()
    {
        var space = await NetworkNamespace.CreateAsync();
        _cleanup.Add(space);
        return space;
    }

    private Task<L4LbProcess> StartAsync(string manifest, params IEnumerable<string> options) => L4LbProcess.StartAsync(
        _lb.Enter, ["-f", manifest, "--service-cidr", "10.0.0.0/16,fd00:96::/112", "--state-dir", _folder.File("state"), .. options]);

    private async Task<string> AddressesAsync() => await _lb.IpAsync($"-o addr show dev {Cable}");

    /// <summary>The Services of the documents that this began with: a load balancer, external IPs; and one of IPv6.</summary>
    private string WriteAll(string more = "") => _folder.Write("services.yaml", Manifest.Of(
        $$"""
        kind: Service
        apiVersion: v1
        metadata:
          name: my-service
        spec:
          ports:
            - {protocol: TCP, port: 80, targetPort: {{BackendPort}}, nodePort: {{NodePort}} }
          clusterIP: {{ClusterIP}}
          loadBalancerIP: {{LoadBalancerIP}}
          externalIPs: [{{ExternalIP}}]
          type: LoadBalancer
          {{more}}
        """,
        Slice("my-service", "IPv4", Backend),
        $$"""
        kind: Service
        apiVersion: v1
        metadata: {name: six}
        spec:
          ipFamilies: [IPv6]
          ports: [{port: 443, targetPort: {{BackendPort}}}]
          externalIPs: ["{{ExternalIPv6}}"]
        """,
        Slice("six", "IPv6", "fd77::1")));

    private string WriteExternalIPs(params IEnumerable<string> addresses) => _folder.Write("services.yaml", Manifest.Of(
        Manifest.Service("my-service", addresses.Select(a => new IPEndPoint(IPAddress.Parse(a), 80))),
        Manifest.Slice("my-service", 80, new IPEndPoint(IPAddress.Parse(Backend), BackendPort))));

    private static string Slice(string service, string family, string address) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{service}}-1, labels: {kubernetes.io/service-name: {{service}} } }
        addressType: {{family}}
        ports: [{port: {{BackendPort}} }]
        endpoints: [{addresses: ["{{address}}"]}]
        """;

    /// <summary>Asks from the clients' namespace; who is refused or reset hears nothing of the backend.</summary>
    private async Task AssertServedAsync(bool expected, string url, params IEnumerable<string> options)
    {
        var result = await _clients.CurlAsync(["--connect-timeout", "1", .. options, url]);
        var isServed = result.ExitCode == 0 && (result.Output is Backend or "[fd77::1]" or "fd77::1");
        Assert.True(isServed == expected, $"{url} {string.Join(' ', options)}: served {isServed}: {result.ExitCode} {result.Output} {result.Errors}");
    }
}
