namespace L4Lb.SystemTests.Support;

/// <summary>
/// A switch in a namespace of its own, and hosts in theirs, each with an interface <c>eth0</c> at the other end of a cable.
/// No way out. What a host sends is captured where its cable enters the switch.
/// </summary>
internal sealed class Segment : IAsyncDisposable
{
    /// <summary>The interface that every host has.</summary>
    public const string Interface = "eth0";

    private readonly List<IAsyncDisposable> _cleanup = [];
    private readonly NetworkNamespace _switch;

    private Segment(NetworkNamespace hub)
    {
        _switch = hub;
        _cleanup.Add(hub);
    }

    /// <summary>Frames of all hosts.</summary>
    public WireCapture Capture { get; } = new();

    public static async Task<Segment> CreateAsync()
    {
        var segment = new Segment(await NetworkNamespace.CreateAsync());
        try
        {
            foreach (var bridge in new[] { "br0", "br1" })
            {
                // Forwards at once, and floods what it does not know: nobody asks for groups here.
                await segment._switch.IpAsync($"link add {bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
                await segment._switch.IpAsync($"link set {bridge} up");
            }

            return segment;
        }
        catch
        {
            await segment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a host with addresses such as <c>10.77.0.1/24</c>.</summary>
    public async Task<NetworkNamespace> AddHostAsync(params string[] addresses)
    {
        var host = await NetworkNamespace.CreateAsync();
        _cleanup.Add(host);
        await ConnectAsync(host, Interface, addresses);
        return host;
    }

    /// <summary>Takes the interface out of a host and puts in another of the same name.</summary>
    public async Task ReplaceInterfaceAsync(NetworkNamespace host, params string[] addresses)
    {
        await host.IpAsync($"link del {Interface}");
        await ConnectAsync(host, Interface, addresses);
    }

    /// <summary>Connects a host by an interface of that name; it may have been a host of another segment.</summary>
    public async Task ConnectAsync(NetworkNamespace host, string iface, params string[] addresses)
    {
        var port = PortOf(host);
        await _switch.IpAsync($"link add {port} type veth peer name {iface} netns {host.Name}");
        await _switch.IpAsync($"link set {port} master br0 up");
        foreach (var address in addresses)
        {
            await host.IpAsync($"addr add {address} dev {iface}{(address.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
        }

        await host.IpAsync($"link set {iface} up");
        var index = (await _switch.IpAsync($"-o link show dev {port}")).Split(':')[0];
        Capture.Listen(host, _switch, int.Parse(index));
    }

    /// <summary>Pulls a host's cable out of the switch, or puts it back: the host sees it at once.</summary>
    public Task PlugAsync(NetworkNamespace host, bool isIn) => _switch.IpAsync($"link set {PortOf(host)} {(isIn ? "up" : "down")}");

    /// <summary>Puts a host's cable into another switch, or back: the host sees nothing.</summary>
    public Task MoveAsync(NetworkNamespace host, bool isApart) => _switch.IpAsync($"link set {PortOf(host)} master {(isApart ? "br1" : "br0")}");

    /// <summary>The hardware address of a host, as <c>02:00:…</c>.</summary>
    public static async Task<string> HardwareOfAsync(NetworkNamespace host)
    {
        var words = (await host.IpAsync($"-o link show dev {Interface}")).Split(' ');
        return words[Array.IndexOf(words, "link/ether") + 1];
    }

    /// <summary>Adds something that ends before the hosts do.</summary>
    public T Add<T>(T item)
        where T : IAsyncDisposable
    {
        _cleanup.Add(item);
        return item;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var item in _cleanup.AsEnumerable().Reverse())
        {
            await item.DisposeAsync();
        }

        Capture.Dispose();
    }

    // An interface has at most 15 letters.
    private static string PortOf(NetworkNamespace host) => $"p{host.Name[(host.Name.IndexOf('-', StringComparison.Ordinal) + 1)..]}";
}
