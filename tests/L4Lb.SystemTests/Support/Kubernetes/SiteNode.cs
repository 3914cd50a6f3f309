using System.Net;

namespace L4Lb.SystemTests.Support.Kubernetes;

/// <summary>A node of a <see cref="Site"/>: <c>node-1</c> and on.</summary>
/// <param name="Number">1 and on.</param>
/// <param name="Space">Its namespace; <c>eth0</c> is on the switch, <c>cni0</c> has the pods.</param>
internal sealed record SiteNode(int Number, NetworkNamespace Space) : IAsyncDisposable
{
    private readonly List<Pod> _pods = [];

    public string Name => $"node-{Number}";

    public IPAddress Address => IPAddress.Parse($"192.168.77.{10 + Number}");

    public IPAddress AddressV6 => IPAddress.Parse($"fd77::{10 + Number}");

    /// <summary>Starts a pod: a namespace with an nginx that answers with the address it was asked on.</summary>
    public async Task<Pod> StartPodAsync(int port = 8080)
    {
        var host = _pods.Count + 2;
        var space = await NetworkNamespace.CreateAsync();
        try
        {
            await space.IpAsync($"link add eth0 type veth peer name pod{host} netns {Space.Name}");
            await space.IpAsync($"addr add 10.244.{Number}.{host}/24 dev eth0");
            await space.IpAsync($"addr add fd00:244:{Number}::{host}/64 dev eth0 nodad");
            await space.IpAsync("link set eth0 up");
            await Space.IpAsync($"link set pod{host} master cni0 up");
            await space.IpAsync($"route add default via 10.244.{Number}.1");
            await space.IpAsync($"-6 route add default via fd00:244:{Number}::1");
            var pod = new Pod(this, host, port, space, await Nginx.StartAsync(space, port));
            _pods.Add(pod);
            return pod;
        }
        catch
        {
            await space.DisposeAsync(); // Nobody else does.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
        {
            await pod.DisposeAsync();
        }
    }
}

/// <summary>A pod of a <see cref="SiteNode"/>.</summary>
internal sealed record Pod(SiteNode Node, int Host, int Port, NetworkNamespace Space, Nginx Server) : IAsyncDisposable
{
    public IPAddress Address => IPAddress.Parse($"10.244.{Node.Number}.{Host}");

    public IPAddress AddressV6 => IPAddress.Parse($"fd00:244:{Node.Number}::{Host}");

    /// <summary>SIGKILL; its address stays for a while, and refuses.</summary>
    public Task KillAsync() => Server.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Space.DisposeAsync();
    }
}
