using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>What the program says and how it exits when it cannot do what it was asked.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int CannotStart = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_invalid_manifest_is_1_and_every_error_has_file_line_and_path()
    {
        var file = _folder.Write("bad.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              ports:
              - port: 70000
              sessionAffinity: Sticky
            """);

        foreach (var result in new[]
        {
            await L4LbProcess.RunToEndAsync("run", "-f", file, "--admin", "none"),
            await L4LbProcess.RunToEndAsync("check", "-f", file),
        })
        {
            var printed = result.Output + result.Errors;
            Assert.Equal(Failed, result.ExitCode);
            Assert.Contains($"{file}:7: spec.ports[0].port: Invalid value: 70000", printed, StringComparison.Ordinal);
            Assert.Contains($"{file}:8: spec.sessionAffinity: Unsupported value: \"Sticky\"", printed, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nothing to serve", "run")]
    [InlineData("--no-such-option", "run", "--no-such-option")]
    [InlineData("--admin 0.0.0.0:9900", "run", "--listen", "tcp://127.0.0.1:1", "--backend", "127.0.0.1:2", "--admin", "0.0.0.0:9900")]
    public async Task Usage_is_2_and_names_what_was_wrong(string message, params string[] arguments)
    {
        var result = await L4LbProcess.RunToEndAsync(arguments);

        Assert.Equal((Usage, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_port_in_use_is_3_and_names_the_address()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var taken = new IPEndPoint(IPAddress.Loopback, Loopback.FreePort());
        other.Bind(taken);
        other.Listen();

        var result = await RunDirectAsync(_service, "--admin", $"{taken}");

        Assert.Equal(CannotStart, result.ExitCode);
        Assert.Contains($"{taken}", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--admin", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_address_in_use_is_3_and_says_what_would_help()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(_service);
        other.Listen();

        var result = await RunDirectAsync(_service, "--admin", "none");

        Assert.Equal(CannotStart, result.ExitCode);
        Assert.Contains($"{_service} is in use by another process", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_log_that_cannot_be_written_is_3()
    {
        var path = Path.Combine(_folder.Write("file", ""), "access.log"); // Below a file: not even root may.

        var result = await RunDirectAsync(_service, "--admin", "none", "--access-log", path);

        Assert.Equal(CannotStart, result.ExitCode);
        Assert.Contains(path, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reads_every_kind_and_passes_over_others_with_a_warning()
    {
        var file = _folder.Write("all.yaml", Manifest.Of(
            Manifest.Service("web", _service),
            Manifest.Slice("web", _service.Port, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80)),
            """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
              {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}}
            ]}
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: older}
            spec: {ports: [{port: 80}]}
            """,
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: older}
            subsets: [{addresses: [{ip: 10.0.0.2}], ports: [{port: 80}]}]
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-1, labels: {app: web}}
            spec: {containers: [{name: web, image: web}]}
            """,
            """
            apiVersion: l4lb.io/v1alpha1
            kind: AddressPool
            metadata: {name: pool}
            spec: {addresses: [192.0.2.0/24]}
            """,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            """));

        var result = await L4LbProcess.RunToEndAsync("check", "-f", file);

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Contains("Deployment", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_with_errors_keeps_the_last_good_state_and_says_so()
    {
        await using var backend = new TcpBackend(static (socket, stop) => Pattern.SendAsync(socket, 1000, stop));
        var good = Manifest.Of(Manifest.Service("web", _service), Manifest.Slice("web", _service.Port, backend.EndPoint));
        var file = _folder.Write("web.yaml", good);
        await using var l4lb = await L4LbProcess.StartAsync("-f", file, "--serve", "ExternalIPs");
        Assert.False((bool)(await l4lb.AskReadyAsync()).Body["configStale"]!);

        _folder.Write("web.yaml", good.Replace("spec:", "spec:\n  type: Wrong\n  sessionAffinity: Sticky", StringComparison.Ordinal));
        await l4lb.SignalAsync("HUP");
        await l4lb.WaitForLogAsync("configuration refused (SIGHUP), revision 1 stays in force: 2 errors");

        await l4lb.WaitForLogAsync($"{file}:7: spec.type: Unsupported value: \"Wrong\"");
        await l4lb.WaitForLogAsync($"{file}:8: spec.sessionAffinity: Unsupported value: \"Sticky\"");
        var (status, body) = await l4lb.AskReadyAsync();
        Assert.Equal((HttpStatusCode.OK, true, 1), (status, (bool)body["configStale"]!, (long)body["revision"]!));
        await AssertServesAsync();

        _folder.Write("web.yaml", good);
        await l4lb.ReloadAsync();

        Assert.False((bool)(await l4lb.AskReadyAsync()).Body["configStale"]!);
        await AssertServesAsync();
    }

    private static Task<CommandResult> RunDirectAsync(IPEndPoint at, params IEnumerable<string> options) =>
        L4LbProcess.RunToEndAsync(["run", "--listen", $"tcp://{at}", "--backend", "127.0.0.1:1", .. options]);

    private async Task AssertServesAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_service, deadline.Token);
        Assert.Equal(1000, await Pattern.ReceiveAsync(socket, deadline.Token));
    }
}
