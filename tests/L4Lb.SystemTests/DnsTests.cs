using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// DNS as a cluster has it: one Service with port 53 by UDP and by TCP, over both families, in front of two real servers,
/// in a namespace of its own. It is asked by the tools that people ask with.
/// </summary>
public sealed class DnsTests : IAsyncLifetime
{
    private const int Port = 53;
    private const int NodePort = 30053;

    private static readonly string[] s_clusterIPs = ["10.96.0.53", "fd00:96::35"];

    // Of the node: several of each family, of which a wildcard socket would answer with the first.
    private static readonly string[] s_nodeAddresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2", "2001:db8::3"];
    private static readonly string[] s_ofServers = ["10.53.0.1", "10.53.0.2", "fd53::1", "fd53::2"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];
    private NetworkNamespace _space = null!;

    /// <summary>All ways to the Service: its own addresses, and the node's.</summary>
    private static IEnumerable<IPEndPoint> Ways =>
    [
        .. s_clusterIPs.Select(a => new IPEndPoint(IPAddress.Parse(a), Port)), .. s_nodeAddresses.Select(a => new IPEndPoint(IPAddress.Parse(a), NodePort)),
    ];

    public async ValueTask InitializeAsync()
    {
        Requirements.Program("dnsmasq");
        Requirements.Program("dig");
        Requirements.Program("dnsperf");
        try
        {
            _space = await NetworkNamespace.CreateAsync();
            _running.Add(_space);
            foreach (var address in (string[])[.. s_clusterIPs, .. s_nodeAddresses, .. s_ofServers])
            {
                await _space.IpAsync($"addr add {address} dev lo");
            }

            _running.Add(await ServeAsync("one", s_ofServers[0], s_ofServers[2]));
            _running.Add(await ServeAsync("two", s_ofServers[1], s_ofServers[3]));
            _running.Add(await L4LbProcess.StartAsync(
                _space.Enter, ["-f", _folder.Write("dns.yaml", Documents), "--service-cidr", "10.96.0.0/16,fd00:96::/112", "--state-dir", _folder.File("state")]));
        }
        catch
        {
            await DisposeAsync(); // Nobody else does, when this fails.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var item in _running.AsEnumerable().Reverse())
        {
            await item.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Dig_gets_every_answer_from_the_address_it_asked_by_UDP_and_TCP_over_both_families()
    {
        var answers = await Task.WhenAll(
            from way in Ways
            from tcp in (bool[])[false, true]
            from again in Enumerable.Range(0, 4)
            select Dig.AskAsync(_space.Enter, way, DnsServer.WhoName, tcp));

        Assert.Equal(["\"one\"", "\"two\""], answers.Select(a => Assert.Single(a.Split(), w => w.StartsWith('"'))).Distinct().Order());
    }

    [Fact]
    public async Task An_answer_larger_than_a_packet_of_Ethernet_arrives_whole()
    {
        foreach (var way in Ways)
        {
            var answer = await Dig.AskAsync(_space.Enter, way, DnsServer.BigName, tcp: false, "+bufsize=4096");

            Assert.Contains($"ANSWER: {DnsServer.BigRecords},", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("Truncated", answer, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" tc ", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("10.96.0.53", Port)]
    [InlineData("fd00:96::35", Port)]
    [InlineData("192.0.2.2", NodePort)]
    public async Task Dnsperf_loses_no_question(string address, int port)
    {
        await using var dnsperf = DnsPerf.Start(_space.Enter, new IPEndPoint(IPAddress.Parse(address), port), new(Clients: 100, Outstanding: 100, Seconds: 2, Timeout: 5));

        var report = await dnsperf.ReportAsync();

        Assert.Equal((report.Sent, report.Sent, 0), (report.Completed, report.NoError, report.Lost));
        Assert.DoesNotContain("Warning", report.Printed, StringComparison.Ordinal); // Such as of answers that nobody waits for.
        Assert.InRange(report.Sent, 2000, int.MaxValue);
    }

    /// <summary>As clusters name them; the two ports of one number are two service ports.</summary>
    private static string Documents => Manifest.Of(
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: kube-dns}
        spec:
          type: NodePort
          ipFamilyPolicy: RequireDualStack
          ipFamilies: [IPv4, IPv6]
          clusterIP: {{s_clusterIPs[0]}}
          clusterIPs: ["{{s_clusterIPs[0]}}", "{{s_clusterIPs[1]}}"]
          ports:
            - {name: dns, protocol: UDP, port: {{Port}}, nodePort: {{NodePort}} }
            - {name: dns-tcp, protocol: TCP, port: {{Port}}, nodePort: {{NodePort}} }
        """,
        Slice("IPv4", s_ofServers[..2]),
        Slice("IPv6", s_ofServers[2..]));

    private static string Slice(string family, IEnumerable<string> addresses) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: kube-dns-{{family.ToLowerInvariant()}}, labels: {kubernetes.io/service-name: kube-dns} }
        addressType: {{family}}
        ports:
          - {name: dns, protocol: UDP, port: {{Port}} }
          - {name: dns-tcp, protocol: TCP, port: {{Port}} }
        endpoints:
        {{string.Join('\n', addresses.Select(a => $"  - addresses: [\"{a}\"]"))}}
        """;

    /// <summary>Starts a server and asks it without us.</summary>
    private async Task<DnsServer> ServeAsync(string name, params IEnumerable<string> addresses)
    {
        IPEndPoint[] listens = [.. addresses.Select(a => new IPEndPoint(IPAddress.Parse(a), Port))];
        var server = await DnsServer.StartAsync(name, listens, _space.Enter);
        foreach (var at in listens)
        {
            Assert.Contains($"\"{name}\"", await Dig.AskAsync(_space.Enter, at, DnsServer.WhoName, tcp: false), StringComparison.Ordinal);
        }

        return server;
    }
}
