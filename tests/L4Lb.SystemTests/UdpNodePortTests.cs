using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>A node port listens on every address with one socket, and still answers from the one that was asked.</summary>
public sealed class UdpNodePortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Loopback.FreePort();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_client_that_asks_many_addresses_of_the_node_gets_each_answer_from_its_own()
    {
        var backendPort = Loopback.FreePort();
        await using var four = new UdpBackend(new IPEndPoint(IPAddress.Parse("127.0.0.11"), backendPort));
        await using var six = new UdpBackend(new IPEndPoint(IPAddress.IPv6Loopback, backendPort));
        await using var l4lb = await L4LbProcess.StartAsync(
            "-f", Write(four, six), "--serve", "NodePort", "--node-port-range", $"{_port}-{_port}", "--service-cidr", "10.96.0.0/16,fd00:96::/112");

        // Not connected, so that the kernel hides nothing from it.
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var address in Enumerable.Range(1, 50).SelectMany(i => new[] { $"127.0.0.{i}", $"127.{i}.5.6" }))
        {
            await AskAsync(client, new IPEndPoint(IPAddress.Parse(address), _port));
        }

        using var client6 = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        client6.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        await AskAsync(client6, new IPEndPoint(IPAddress.IPv6Loopback, _port));

        // A flow is a client and an address asked: one socket of ours for each.
        Assert.Equal(101, four.Received.Concat(six.Received).Select(r => r.From).Distinct().Count());
        await l4lb.StopAsync();
    }

    private static async Task AskAsync(Socket client, IPEndPoint at)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var buffer = new byte[1000];
        await client.SendToAsync(Encoding.ASCII.GetBytes($"{at}"), at, deadline.Token);
        var answer = await client.ReceiveFromAsync(buffer, at, deadline.Token);

        Assert.Equal(at, answer.RemoteEndPoint);
        Assert.Equal($"{at}", EchoAnswer.Parse(buffer[..answer.ReceivedBytes])?.Question);
    }

    private string Write(UdpBackend four, UdpBackend six) => _folder.Write("node.yaml", Manifest.Of(
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: dns}
        spec:
          type: NodePort
          ipFamilyPolicy: RequireDualStack
          ipFamilies: [IPv4, IPv6]
          ports: [{name: p53, protocol: UDP, port: 53, nodePort: {{_port}} }]
        """,
        Manifest.UdpSlice("dns", 53, four.EndPoint),
        Manifest.UdpSlice("dns", 53, six.EndPoint).Replace("name: dns-", "name: dns-six-", StringComparison.Ordinal)));
}
