namespace L4Lb.SystemTests.Support;

/// <summary>A network namespace of its own, with loopback up and no way out. Disposing removes it and all that is in it.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private static int s_count;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Put before a command, it runs in the namespace, as the same process.</summary>
    public IReadOnlyList<string> Enter => ["ip", "netns", "exec", Name];

    public static async Task<NetworkNamespace> CreateAsync()
    {
        Requirements.Namespaces();
        var space = new NetworkNamespace($"l4lb-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        await ChildProcess.RunAndCheckAsync("ip", "netns", "add", space.Name);
        try
        {
            await space.IpAsync("link set lo up");
            return space;
        }
        catch
        {
            await space.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>Lays a cable: an interface of that name in each of the two.</summary>
    public static Task ConnectAsync(NetworkNamespace one, NetworkNamespace other, string iface) =>
        one.IpAsync($"link add {iface} type veth peer name {iface} netns {other.Name}");

    /// <summary>Runs <c>ip</c> in the namespace; returns what it printed.</summary>
    public Task<string> IpAsync(string arguments) =>
        ChildProcess.RunAndCheckAsync(["ip", "-n", Name, .. arguments.Split(' ')]);

    /// <summary>Runs curl in the namespace; quiet but for errors, and never for long.</summary>
    public Task<CommandResult> CurlAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync([.. Enter, "curl", "-sS", "-g", "--max-time", "5", .. arguments]);

    /// <summary>
    /// Does something on a thread that is in the namespace. What it opens stays there, and may be used from anywhere.
    /// </summary>
    public T Inside<T>(Func<T> action)
    {
        T? result = default;
        Exception? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                SwitchNamespace.EnterNetwork($"/run/netns/{Name}");
                result = action();
            }
            catch (Exception e)
            {
                problem = e;
            }
        });
        thread.Start();
        thread.Join();
        return problem is null ? result! : throw new InvalidOperationException($"in the namespace {Name}: {problem.Message}", problem);
    }

    public async ValueTask DisposeAsync() => await ChildProcess.RunAsync("ip", "netns", "del", Name);
}
