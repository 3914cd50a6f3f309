using System.Net;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// An address of a Service on the wire, with the real program in network namespaces: two nodes that run it, a client, a pod,
/// and a stranger, at one switch. Without leases: the wire alone decides.
/// </summary>
public sealed class AnnouncingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int BackendPort = 9376;
    private const string Four = "10.77.0.100";
    private const string Six = "fd77::100";

    private readonly TemporaryFolder _folder = new();
    private Segment _segment = null!;
    private NetworkNamespace _node1 = null!;
    private NetworkNamespace _node2 = null!;
    private NetworkNamespace _client = null!;
    private NetworkNamespace _stranger = null!;

    public async ValueTask InitializeAsync()
    {
        Requirements.Nginx();
        Requirements.Program("curl");
        _segment = await Segment.CreateAsync();
        try
        {
            _node1 = await _segment.AddHostAsync("10.77.0.1/24", "fd77::1/64");
            _node2 = await _segment.AddHostAsync("10.77.0.2/24", "fd77::2/64");
            _client = await _segment.AddHostAsync("10.77.0.50/24", "fd77::50/64");
            _stranger = await _segment.AddHostAsync("10.77.0.60/24", "fd77::60/64");
            var pod = await _segment.AddHostAsync("10.77.0.70/24", "fd77::70/64");
            _segment.Add(await Nginx.StartAsync(pod, BackendPort, "$remote_addr")); // Which is the node that asked it.
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
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task An_address_is_asked_for_three_times_and_told_four_times(string address)
    {
        var (vip, node) = (IPAddress.Parse(address), _node1);
        await using var l4lb = await StartAsync(node, Write(address));
        await StateAsync(l4lb, node, address, "holding");
        await AnsweredAsync(address);

        await Eventually.HoldsAsync("four announcements", () => Announcements(vip).Count == 4);
        await l4lb.StopAsync();

        var probes = From(node).Where(f => f.IsProbeFor(vip)).ToArray();
        var told = Announcements(vip);
        Assert.Equal(3, probes.Length);
        AssertNear(100, probes[1].At - probes[0].At);
        AssertNear(100, probes[2].At - probes[1].At);
        AssertNear(100, told[0].At - probes[2].At);
        AssertNear(100, told[1].At - told[0].At);
        AssertNear(500, told[2].At - told[0].At);
        AssertNear(2000, told[3].At - told[0].At);
        Assert.True(address == Six || From(node).Count(f => f.IsAnnouncementOf(vip) && f.IsReply) == 4);
        Assert.DoesNotContain(address, await AddressesAsync(node));
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task An_announcement_mends_what_a_client_remembers_of_somebody_else(string address)
    {
        // The client is sure that the stranger has it.
        var wrong = await Segment.HardwareOfAsync(_stranger);
        await _client.IpAsync($"neigh replace {address} lladdr {wrong} nud stale dev {Segment.Interface}");

        await using var l4lb = await StartAsync(_node1, Write(address));
        await StateAsync(l4lb, _node1, address, "holding");

        var right = await Segment.HardwareOfAsync(_node1);
        await Eventually.HoldsAsync(
            "the client knows better", async () => (await _client.IpAsync($"neigh show {address}")).Contains(right, StringComparison.Ordinal));
        await AnsweredAsync(address);
        await l4lb.StopAsync();
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task A_strangers_address_is_left_to_it_until_it_leaves(string address)
    {
        var vip = IPAddress.Parse(address);
        await _stranger.IpAsync($"addr add {Host(address)} dev {Segment.Interface}{NoDetection(address)}");
        await using var l4lb = await StartAsync(_node1, Write(address));

        await l4lb.WaitForLogAsync($"AddressConflict: {await Segment.HardwareOfAsync(_stranger)} on eth0 says that {address} is its own");
        await StateAsync(l4lb, _node1, address, "backingOff");
        Assert.DoesNotContain(address, await AddressesAsync(_node1));
        Assert.DoesNotContain(From(_node1), f => f.SpeaksFor(vip));

        await _stranger.IpAsync($"addr del {Host(address)} dev {Segment.Interface}");
        await StateAsync(l4lb, _node1, address, "holding");
        await AnsweredAsync(address);
        await l4lb.StopAsync();
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task What_a_stranger_says_later_is_contradicted_and_told(string address)
    {
        var vip = IPAddress.Parse(address);
        await using var l4lb = await StartAsync(_node1, Write(address));
        await StateAsync(l4lb, _node1, address, "holding");
        await Eventually.HoldsAsync("four announcements", () => Announcements(vip).Count == 4);

        // Somebody configures it, and uses it to ask for the way out.
        await _stranger.IpAsync($"addr add {Host(address)} dev {Segment.Interface}{NoDetection(address)}");
        await _stranger.CurlAsync("--interface", address, "--connect-timeout", "1", $"http://{Bracketed(address == Four ? "10.77.0.250" : "fd77::250")}/");

        await l4lb.WaitForLogAsync("AddressConflict: ");
        Assert.True(Announcements(vip).Count >= 5);
        await l4lb.StopAsync();
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task A_killed_process_leaves_an_address_that_goes_by_itself_and_comes_up_elsewhere(string address)
    {
        var manifest = Write(address);
        await using var first = await StartAsync(_node1, manifest);
        await StateAsync(first, _node1, address, "holding");
        await using var second = await StartAsync(_node2, manifest);
        await StateAsync(second, _node2, address, "backingOff");
        await using var client = new RetryingClient(_client, new IPEndPoint(IPAddress.Parse(address), 80));
        Assert.Contains((await client.AnsweredAfterAsync(client.Now)).Answer, NodeAddresses(1));

        await first.KillAsync();
        var killed = client.Now;
        var gone = await Eventually.HoldsAsync(
            "the kernel lets go", async () => !(await AddressesAsync(_node1)).Contains(address, StringComparison.Ordinal));
        var (at, _) = await client.AnsweredAfterAsync(killed, NodeAddresses(2).Contains);

        output.WriteLine($"{address}: gone from the kernel after {gone}, served by the other after {at - killed}");

        // A lease of 3 s: two seconds in the kernel, which is up to 0.4 s late; the other looks at least every 10 s, and half of it more.
        Assert.InRange(gone, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Assert.True(at - killed < TimeSpan.FromSeconds(20), $"{at - killed}");
        await second.StopAsync();
    }

    [Fact]
    public async Task Addresses_come_with_the_first_endpoint_and_go_with_the_last()
    {
        Write(Four, ready: false);
        await using var l4lb = await StartAsync(_node1, Write(Four, ready: false));
        await StateAsync(l4lb, _node1, Four, "absent");
        Assert.DoesNotContain(Four, await AddressesAsync(_node1));

        Write(Four);
        await l4lb.ReloadAsync();
        await StateAsync(l4lb, _node1, Four, "holding");

        Write(Four, ready: false);
        await l4lb.ReloadAsync();
        await StateAsync(l4lb, _node1, Four, "absent");
        Assert.DoesNotContain(Four, await AddressesAsync(_node1));
        await l4lb.StopAsync();
    }

    [Fact]
    public async Task A_new_services_address_answers_within_two_seconds()
    {
        await using var client = new RetryingClient(_client, new IPEndPoint(IPAddress.Parse("10.77.0.101"), 80));
        var manifest = Write(Four);
        await using var l4lb = await StartAsync(_node1, manifest);
        await StateAsync(l4lb, _node1, Four, "holding");

        _folder.Write("services.yaml", Manifest.Of(Documents(Four, "web", ready: true), Documents("10.77.0.101", "late", ready: true)));
        var asked = client.Now;
        await l4lb.SignalAsync("HUP");
        var took = (await client.AnsweredAfterAsync(asked)).At - asked;

        output.WriteLine($"answered {took} after the reload was asked for");
        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");
        await l4lb.StopAsync();
    }

    [Theory]
    [InlineData(Four)]
    [InlineData(Six)]
    public async Task A_cable_that_was_out_is_followed_by_asking_and_telling_anew(string address)
    {
        var vip = IPAddress.Parse(address);
        await using var l4lb = await StartAsync(_node1, Write(address));
        await StateAsync(l4lb, _node1, address, "holding");

        await _segment.PlugAsync(_node1, isIn: false);
        await StateAsync(l4lb, _node1, address, "absent");
        Assert.DoesNotContain(address, await AddressesAsync(_node1));

        var before = _segment.Capture.Now;
        await _segment.PlugAsync(_node1, isIn: true);
        await StateAsync(l4lb, _node1, address, "holding");
        await AnsweredAsync(address);
        Assert.Contains(From(_node1), f => f.At > before && f.IsProbeFor(vip));
        Assert.Contains(From(_node1), f => f.At > before && f.IsAnnouncementOf(vip));
        await l4lb.StopAsync();
    }

    /// <summary>The interface is another one of the same name: sockets that are bound to the old one are of no use.</summary>
    [Fact]
    public async Task An_interface_that_was_removed_and_made_again_is_used_again()
    {
        await using var l4lb = await StartAsync(_node1, Write(Four));
        await StateAsync(l4lb, _node1, Four, "holding");

        await _segment.ReplaceInterfaceAsync(_node1, "10.77.0.1/24");
        await StateAsync(l4lb, _node1, Four, "holding");
        var before = _segment.Capture.Now;
        await Eventually.HoldsAsync("it is told", () => From(_node1).Any(f => f.At > before && f.IsAnnouncementOf(IPAddress.Parse(Four))));
        await AnsweredAsync(Four);
        await l4lb.StopAsync();
    }

    [Fact]
    public async Task A_start_says_what_stands_in_its_way()
    {
        var manifest = Write(Four);
        var missing = await ChildProcess.RunAsync(
            [.. _node1.Enter, .. L4LbProcess.Command, "run", "--admin", "none", "-f", manifest, "--manage-addresses", "eth9", "--announce", "l2"]);
        Assert.Equal((3, true), (missing.ExitCode, missing.Errors.Contains("there is no such interface", StringComparison.Ordinal)));

        var loopback = await ChildProcess.RunAsync(
            [.. _node1.Enter, .. L4LbProcess.Command, "run", "--admin", "none", "-f", manifest, "--manage-addresses", "lo", "--announce", "l2"]);
        Assert.Equal((3, true), (loopback.ExitCode, loopback.Errors.Contains("no Ethernet", StringComparison.Ordinal)));
    }

    private static string[] NodeAddresses(int number) => [$"10.77.0.{number}", $"fd77::{number}"];

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"{address}/128" : $"{address}/32";

    private static string NoDetection(string address) => address.Contains(':', StringComparison.Ordinal) ? " nodad" : "";

    private static string Bracketed(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    /// <summary>On a machine that does other things too: what comes late makes the time to the next one shorter.</summary>
    private static void AssertNear(double expectedMs, TimeSpan actual) => Assert.InRange(actual.TotalMilliseconds, expectedMs / 5, expectedMs + 500);

    private static async Task<string> AddressesAsync(NetworkNamespace node) => await node.IpAsync($"-o addr show dev {Segment.Interface}");

    private static async Task StateAsync(L4LbProcess l4lb, NetworkNamespace node, string address, string state)
    {
        var last = "nothing";
        await Eventually.HoldsAsync($"{address} is {state}", async () =>
        {
            var answer = await node.CurlAsync($"{new Uri(l4lb.Admin, "/api/v1/addresses")}");
            last = answer.Output;
            return answer.ExitCode == 0 && JsonNode.Parse(answer.Output)!["items"]!.AsArray()
                .Any(a => (string?)a!["address"] == address && (string?)a["state"] == state);
        });
    }

    private static string Documents(string address, string name, bool ready)
    {
        var isIPv6 = address.Contains(':', StringComparison.Ordinal);
        var backend = new IPEndPoint(IPAddress.Parse(isIPv6 ? "fd77::70" : "10.77.0.70"), BackendPort);
        return Manifest.Of(
            Manifest.Service(name, [new IPEndPoint(IPAddress.Parse(address), 80)], null, $"ipFamilies: [{(isIPv6 ? "IPv6" : "IPv4")}]"),
            Manifest.Slice(name, [80], [(backend, ready)]));
    }

    private string Write(string address, bool ready = true) => _folder.Write("services.yaml", Documents(address, "web", ready));

    private Task<L4LbProcess> StartAsync(NetworkNamespace node, string manifest) => L4LbProcess.StartAsync(
        node.Enter,
        [
            "-f", manifest, "--serve", "ExternalIPs", "--service-cidr", "10.96.0.0/16,fd00:96::/112", "--state-dir", _folder.File(node.Name),
            "--manage-addresses", Segment.Interface, "--announce", "l2", "--vip-lease", "3s", "--drain-timeout", "1s",
        ]);

    private IEnumerable<CapturedFrame> From(NetworkNamespace host) => _segment.Capture.Frames.Where(f => f.Host == host);

    /// <summary>Of ARP those in the form of requests: each is followed by a reply.</summary>
    private List<CapturedFrame> Announcements(IPAddress address) =>
        [.. From(_node1).Where(f => f.IsAnnouncementOf(address) && !f.IsReply)];

    private async Task AnsweredAsync(string address)
    {
        var result = await _client.CurlAsync("--connect-timeout", "2", $"http://{Bracketed(address)}/");
        Assert.True(result.ExitCode == 0, $"{address}: {result.ExitCode} {result.Errors}");
    }
}
