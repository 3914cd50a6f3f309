using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using L4Lb.Host.Running;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Running;

/// <summary>What a service manager hears, on sockets of its kind.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_hears_of_a_whole_life(bool isAbstract)
    {
        var name = isAbstract ? $"@l4lb-{Guid.NewGuid():N}" : _folder.File("notify");
        using var heard = Listen(name);
        using var manager = Open(("NOTIFY_SOCKET", name));
        var before = NowMicroseconds();

        Assert.False(manager.Reloading()); // Not ready yet, so nothing is said.
        manager.Ready("revision 1 is in force");
        Assert.True(manager.Reloading());
        manager.Ready("revision 2 is in force");
        manager.Stopping("draining");

        Assert.Equal("READY=1\nSTATUS=revision 1 is in force", Next(heard));
        var reloading = Next(heard).Split('\n');
        Assert.Equal("RELOADING=1", reloading[0]);
        Assert.InRange(
            long.Parse(reloading[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture), before, NowMicroseconds());
        Assert.Equal("READY=1\nSTATUS=revision 2 is in force", Next(heard));
        Assert.Equal("STOPPING=1\nSTATUS=draining", Next(heard));
    }

    [Fact]
    public void Who_stops_is_not_ready_any_more()
    {
        using var heard = Listen(_folder.File("notify"));
        using var manager = Open(("NOTIFY_SOCKET", _folder.File("notify")));

        manager.Stopping("draining");
        manager.Ready("a reload that ended late");
        Assert.False(manager.Reloading());

        Assert.StartsWith("STOPPING=1", Next(heard), StringComparison.Ordinal);
        Assert.Equal(0, heard.Available);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    [InlineData("/nobody/is/there")]
    public void Nobody_needs_to_listen(string? socket)
    {
        using var manager = Open(("NOTIFY_SOCKET", socket));

        manager.Ready("ready");
        manager.Stopping("stopping");
    }

    [Fact]
    public async Task The_watchdog_hears_as_long_as_it_answers()
    {
        using var heard = Listen(_folder.File("notify"));
        using var manager = Open(("NOTIFY_SOCKET", _folder.File("notify")), ("WATCHDOG_USEC", "20000000"));
        using var ending = new CancellationTokenSource();
        var time = new ManualTime();
        var hangs = new TaskCompletionSource();
        var asked = 0;
        var watching = manager.WatchAsync(_ => ++asked == 3 ? hangs.Task : Task.CompletedTask, time, ending.Token);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("WATCHDOG=1", Next(heard));
            await Eventually.HoldsAsync("it waits", () => time.TimersWaiting == 1);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        await Eventually.HoldsAsync("it is asked a third time", () => asked == 3);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, heard.Available);

        hangs.SetResult();
        Assert.Equal("WATCHDOG=1", Next(heard));
        await ending.CancelAsync();
        await watching;
    }

    [Fact]
    public void The_watchdog_of_another_process_is_not_ours()
    {
        var socket = ("NOTIFY_SOCKET", (string?)"/run/notify");
        var id = Environment.ProcessId;

        Assert.Equal(TimeSpan.FromSeconds(3), WatchdogOf(socket, ("WATCHDOG_USEC", "3000000")));
        Assert.Equal(TimeSpan.FromSeconds(3), WatchdogOf(socket, ("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", $"{id}")));
        Assert.Null(WatchdogOf(socket, ("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", $"{id + 1}")));
        Assert.Null(WatchdogOf(socket, ("WATCHDOG_USEC", "0")));
        Assert.Null(WatchdogOf(socket));
        Assert.Null(WatchdogOf(("WATCHDOG_USEC", "3000000")));
    }

    public void Dispose() => _folder.Dispose();

    internal static Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? "\0" + name[1..] : name));
        return socket;
    }

    internal static string Next(Socket heard)
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, heard.Receive(buffer));
    }

    internal static ServiceManager Open(params (string Name, string? Value)[] variables) =>
        ServiceManager.Open(name => variables.FirstOrDefault(v => v.Name == name).Value);

    private static TimeSpan? WatchdogOf(params (string Name, string? Value)[] variables)
    {
        using var manager = Open(variables);
        return manager.Watchdog;
    }

    /// <summary>CLOCK_MONOTONIC, which the framework has in nanoseconds here.</summary>
    private static long NowMicroseconds() => Stopwatch.GetTimestamp() / 1000;
}
