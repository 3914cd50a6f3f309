using System.Net;

namespace L4Lb.SystemTests.Support.Kubernetes;

/// <summary>
/// A cluster on bare metal in network namespaces: nodes, a client and an API server on one switch, pods behind their node, and
/// no way out. IPv4 and IPv6.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly Segment _segment;

    private Site(Segment segment) => _segment = segment;

    /// <summary>Who wants something of the Services.</summary>
    public NetworkNamespace Client { get; private set; } = null!;

    /// <summary>Where the API server listens.</summary>
    public NetworkNamespace Control { get; private set; } = null!;

    /// <summary>Address of <see cref="Control"/>.</summary>
    public static IPAddress ControlAddress { get; } = IPAddress.Parse("192.168.77.10");

    public IReadOnlyList<SiteNode> Nodes { get; private set; } = [];

    /// <summary>What machines send.</summary>
    public WireCapture Wire => _segment.Capture;

    public static async Task<Site> BuildAsync(int nodes)
    {
        var site = new Site(await Segment.CreateAsync());
        try
        {
            site.Control = await site.PlugInAsync(10);
            site.Client = await site.PlugInAsync(100);
            for (var number = 1; number <= nodes; number++)
            {
                site.Nodes = [.. site.Nodes, await site.AddNodeAsync(number)];
            }

            foreach (var (from, to) in site.Nodes.SelectMany(_ => site.Nodes, static (from, to) => (from, to)).Where(static pair => pair.from != pair.to))
            {
                await from.Space.IpAsync($"route add 10.244.{to.Number}.0/24 via {to.Address}");
                await from.Space.IpAsync($"-6 route add fd00:244:{to.Number}::/64 via {to.AddressV6}");
            }

            return site;
        }
        catch
        {
            await site.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>Adds a machine to the switch: <c>192.168.77.HOST</c> and <c>fd77::HOST</c> on its <c>eth0</c>.</summary>
    public Task<NetworkNamespace> PlugInAsync(int host) => _segment.AddHostAsync($"192.168.77.{host}/24", $"fd77::{host}/64");

    /// <summary>Pulls or plugs the cable of a node.</summary>
    public Task SetCableAsync(SiteNode node, bool isPlugged) => _segment.PlugAsync(node.Space, isPlugged);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _segment.DisposeAsync();
    }

    private async Task<SiteNode> AddNodeAsync(int number)
    {
        var node = new SiteNode(number, await PlugInAsync(10 + number));
        await ChildProcess.RunAndCheckAsync([.. node.Space.Enter, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]);
        await node.Space.IpAsync("link add cni0 type bridge forward_delay 0");
        await node.Space.IpAsync($"addr add 10.244.{number}.1/24 dev cni0");
        await node.Space.IpAsync($"addr add fd00:244:{number}::1/64 dev cni0 nodad");
        await node.Space.IpAsync("link set cni0 up");
        return node;
    }
}
