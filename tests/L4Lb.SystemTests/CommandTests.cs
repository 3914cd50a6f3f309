using System.Net;
using System.Text;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Every command of an operator, as a process, against an instance that is another.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackBackend _first;
    private readonly LoopbackBackend _second;
    private readonly IPEndPoint _web = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _dns = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly StringBuilder _transcript = new();
    private L4LbProcess? _l4lb;

    public CommandTests()
    {
        var backends = new[] { LoopbackBackend.Echo(), LoopbackBackend.Echo() };
        Array.Sort(backends, static (a, b) => a.EndPoint.Port.CompareTo(b.EndPoint.Port)); // As they are listed.
        (_first, _second) = (backends[0], backends[1]);
    }

    /// <summary>The shared transcript says what each prints; docs/operations/commands.md shows parts of it.</summary>
    [Fact]
    public async Task What_they_print()
    {
        _l4lb = await L4LbProcess.StartAsync("-f", WriteManifest(), "--serve", "ExternalIPs", "--shards", "1");
        var second = $"/api/v1/services/default/web/backends/{_second.EndPoint}";
        await _l4lb.AdminAsync(HttpMethod.Post, $"{second}/drain"); // So that it is known who serves.
        using var client = await TestConnection.ConnectAsync(_web);
        await client.ExchangeAsync(new byte[1234]);
        await _l4lb.AdminAsync(HttpMethod.Post, $"{second}/enable");
        var session = await OnlyIdAsync("sessions");

        foreach (var resource in new[] { "services", "backends", "sessions", "listeners", "affinity" })
        {
            await RunAsync("get", resource);
        }

        await RunAsync("get", "services", "web", "-o", "wide");
        await RunAsync("get", "backends", "--service", "web", "-o", "wide");
        await RunAsync("get", "sessions", session, "-o", "wide");
        await RunAsync("get", "listeners", "-o", "json");
        await RunAsync("get", "affinity", "-o", "yaml");
        await RunAsync("get", "flows");
        await RunAsync("get", "pools");
        await RunAsync("get", "pending");
        await RunAsync("get", "addresses");
        await RunAsync("drain", "web", $"{_first.EndPoint}");
        await RunAsync("get", "be", "-s", "web");
        await RunAsync("enable", "default/web", $"{_first.EndPoint}");
        await RunAsync("weight", "web", $"{_first.EndPoint}", "5");
        await RunAsync("weight", "web", $"{_first.EndPoint}", "reset");
        await RunAsync("kill", session);
        await RunAsync("kill", session);
        await RunAsync("kill", "--service", "web", "--yes");
        await RunAsync("reload");
        await RunAsync("get", "events", "--limit", "3");
        _folder.Write("web.yaml", File.ReadAllText(_folder.File("web.yaml")).Replace("spec:", "spec:\n  type: Wrong", StringComparison.Ordinal));
        await RunAsync("reload");
        await RunAsync("get", "service", "wbe");
        await RunAsync("get", "servces");
        await RunAsync("drain", "wbe", $"{_first.EndPoint}");
        var near = $"127.0.0.2:{_first.EndPoint.Port}"; // Nearer to the first than to the second, whatever ports they got.
        await RunAsync("drain", "web", near);
        await RunAsync("weight", "web");

        Golden.Check(
            _transcript.ToString(),
            "commands.golden.txt",
            ($"{_first.EndPoint}", "10.0.0.1:8080"),
            (near, "10.0.0.9:8080"),
            ($"{_second.EndPoint}", "10.0.0.2:8080"),
            ($"{_web}", "192.0.2.10:80"),
            ($"{_dns}", "192.0.2.10:53"),
            ($"{client.LocalEndPoint}", "198.51.100.7:40000"),
            ($"p{_web.Port}", "http"),
            ($"p{_dns.Port}", "dns"),
            (_folder.Path, "/etc/l4lb"));
    }

    [Fact]
    public async Task Without_an_instance_every_command_is_3_and_says_where_it_asked()
    {
        var nowhere = $"127.0.0.1:{Loopback.FreePort()}";
        foreach (var command in new[] { "get services", "drain web 10.0.0.1:80", "kill 1", "kill --client 10.0.0.1", "reload" })
        {
            var result = await L4LbProcess.RunToEndAsync([.. command.Split(' '), "--admin", nowhere]);

            Assert.Equal((3, ""), (result.ExitCode, result.Output));
            Assert.Contains($"no instance answers at {nowhere}", result.Errors, StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_l4lb is not null)
        {
            await _l4lb.DisposeAsync();
        }

        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Runs a command and writes down what came of it, as somebody at a terminal would see it.</summary>
    private async Task RunAsync(params string[] command)
    {
        var result = await L4LbProcess.RunToEndAsync([.. command, "--admin", _l4lb!.Admin.GetLeftPart(UriPartial.Authority)]);
        _transcript.Append($"$ l4lb {string.Join(' ', command)}\n");
        foreach (var text in new[] { result.Output, result.Errors }.Where(static t => t.Length > 0))
        {
            _transcript.Append(text).Append('\n');
        }

        _transcript.Append(result.ExitCode == 0 ? "\n" : $"(exit code {result.ExitCode})\n\n");
    }

    private async Task<string> OnlyIdAsync(string path)
    {
        var items = (await _l4lb!.AdminJsonAsync($"/api/v1/{path}"))["items"]!.AsArray();
        return $"{(long)Assert.Single(items)!["id"]!}";
    }

    private string WriteManifest() => _folder.Write("web.yaml", Manifest.Of(
        Manifest.Service("web", [_web], [("scheduler", "rr")], "sessionAffinity: ClientIP"),
        Manifest.Slice("web", [_web.Port], [(_first.EndPoint, true)]),
        Manifest.Slice("web", [_web.Port], [(_second.EndPoint, true)]),
        Manifest.UdpService("dns", _dns)));
}
