using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Explain;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.K8s.Reading;
using L4Lb.Testing;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Running;

public sealed class InstanceTests : IDisposable
{
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _backend = new(IPAddress.Loopback, 0);

    public InstanceTests() => _backend.Start();

    private IPEndPoint BackendAddress => (IPEndPoint)_backend.LocalEndpoint;

    [Fact]
    public async Task Serves_until_it_is_told_to_stop()
    {
        var listen = FreeAddress();
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Settings(listen), stop.Token);
        using var client = await ConnectAsync(listen);
        using var served = await _backend.AcceptTcpClientAsync();

        await client.GetStream().WriteAsync("hello"u8.ToArray());
        var received = new byte[5];
        await served.GetStream().ReadExactlyAsync(received);
        client.Close();
        served.Close();
        await stop.CancelAsync();

        Assert.Equal("hello"u8.ToArray(), received);
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task Serves_datagrams_beside_connections_and_logs_each_flow()
    {
        var listen = FreeAddress();
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(BackendAddress); // TCP and UDP do not know of each other.
        using var stop = new CancellationTokenSource();
        var rules = new DirectRules(
            SchedulerSpec.RoundRobin, null, null, new DatagramSpec { Requests = 1, Responses = 1 }, TimeSpan.FromSeconds(5));
        var running = RunAsync(
            Settings(null) with
            {
                Direct = DirectService.Describe(
                    [new Target(listen), new Target(listen, TransportProtocol.Udp)], [new BackendSpec { Address = BackendAddress }], rules),
                AccessLog = new(_folder.File("access.log")),
            },
            stop.Token);
        using (var connected = await ConnectAsync(listen))
        {
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(listen);
        await client.SendAsync("ping"u8.ToArray(), deadline.Token);
        var asked = await backend.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0), deadline.Token);
        await backend.SendToAsync("answer"u8.ToArray(), asked.RemoteEndPoint, deadline.Token);
        var answer = new byte[10];
        Assert.Equal(6, await client.ReceiveAsync(answer, deadline.Token));
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Done, await running);
        var flow = Assert.Single(File.ReadAllLines(_folder.File("access.log")), line => line.Contains("\"protocol\":\"udp\""));
        Assert.Contains($"\"client\":\"{client.LocalEndPoint}\"", flow);
        Assert.Contains($"\"service\":\"default/direct:udp\",\"listener\":\"{listen}\",\"protocol\":\"udp\",\"backend\":\"{BackendAddress}\"", flow);
        Assert.Contains("\"bytes_in\":4,\"bytes_out\":6,\"requests\":1,\"responses\":1,\"reason\":\"completed\"", flow);
    }

    [Fact]
    public async Task Who_started_it_hears_when_it_serves_lives_and_stops()
    {
        using var heard = ServiceManagerTests.Listen(_folder.File("notify"));
        var variables = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _folder.File("notify"), ["WATCHDOG_USEC"] = "60000000" };
        using var stop = new CancellationTokenSource();
        var running = RunCommand.RunAsync(
            Settings(FreeAddress()), new CommandContext(TextWriter.Null, _error, variables.GetValueOrDefault), stop.Token);

        Assert.Equal("READY=1\nSTATUS=revision 1 is in force", await Task.Run(() => ServiceManagerTests.Next(heard)));
        Assert.Equal("WATCHDOG=1", await Task.Run(() => ServiceManagerTests.Next(heard)));
        await stop.CancelAsync();

        Assert.Equal("STOPPING=1\nSTATUS=draining for at most 5s", await Task.Run(() => ServiceManagerTests.Next(heard)));
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task A_file_with_errors_ends_the_start_with_all_of_them()
    {
        File.WriteAllText(_folder.File("a.yaml"), "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}, {port: 99999}]}\n");

        Assert.Equal(ExitCode.Failed, await RunAsync(Settings(null) with { Manifests = new ManifestSourceOptions([_folder.File("a.yaml")]) }));

        Assert.Contains($"{_folder.File("a.yaml")}:4: spec.ports[0].port: ", _error.ToString());
        Assert.Contains($"{_folder.File("a.yaml")}:4: spec.ports[1].port: ", _error.ToString());
    }

    [Fact]
    public async Task Without_any_listener_it_cannot_start_and_says_where()
    {
        Assert.Equal(ExitCode.CannotStart, await RunAsync(Settings(BackendAddress)));

        Assert.Contains($"default/direct:tcp on {BackendAddress}: ", _error.ToString());
    }

    [Fact]
    public async Task Without_its_admin_address_it_cannot_start_and_says_where()
    {
        var settings = Settings(FreeAddress()) with { Admin = new AdminSettings(AdminAddress.At(BackendAddress)) };

        Assert.Equal(ExitCode.CannotStart, await RunAsync(settings));

        Assert.Contains($"the admin API cannot listen on {BackendAddress}: ", _error.ToString());
    }

    [Fact]
    public async Task Without_its_access_log_it_cannot_start_and_says_which()
    {
        var settings = Settings(FreeAddress()) with { AccessLog = new(_folder.File("no/such/folder")) };

        Assert.Equal(ExitCode.CannotStart, await RunAsync(settings));

        Assert.Contains($"--access-log {_folder.File("no/such/folder")}: ", _error.ToString());
    }

    public void Dispose()
    {
        _backend.Dispose();
        _folder.Dispose();
        _error.Dispose();
    }

    private RunSettings Settings(IPEndPoint? listen) => new()
    {
        Direct = listen is null
            ? null
            : DirectService.Describe(
                [new Target(listen)], [new BackendSpec { Address = BackendAddress }],
                new DirectRules(SchedulerSpec.RoundRobin, null, null, DatagramSpec.Default, TimeSpan.FromSeconds(5))),
        Admin = new AdminSettings(AdminAddress.None),
        Shards = 1,
        DrainTimeout = TimeSpan.FromSeconds(5),
        Log = new LogSettings(LogLevel.None),
    };

    private Task<int> RunAsync(RunSettings settings, CancellationToken stop = default) =>
        RunCommand.RunAsync(settings, new CommandContext(TextWriter.Null, _error, _ => null), stop);

    private static IPEndPoint FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }

    private static async Task<TcpClient> ConnectAsync(IPEndPoint address)
    {
        TcpClient? connected = null;
        await Eventually.HoldsAsync(
            $"something listens on {address}",
            () =>
            {
                var client = new TcpClient();
                try
                {
                    client.Connect(address);
                    connected = client;
                    return true;
                }
                catch (SocketException)
                {
                    client.Dispose();
                    return false;
                }
            });
        return connected!;
    }
}
