using System.Net;
using System.Text.RegularExpressions;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary><c>l4lb top</c> as a process, at a terminal and without one.</summary>
public sealed partial class TopTests : IAsyncLifetime
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";

    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackBackend _backend = LoopbackBackend.Echo();
    private readonly IPEndPoint _web = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _dns = new(IPAddress.Loopback, Loopback.FreePort());
    private L4LbProcess _l4lb = null!;
    private TestConnection _client = null!;

    public async ValueTask InitializeAsync()
    {
        _l4lb = await L4LbProcess.StartAsync(
            "-f",
            _folder.Write("web.yaml", Manifest.Of(
                Manifest.Service("web", _web),
                Manifest.Slice("web", _web.Port, _backend.EndPoint),
                Manifest.UdpService("dns", _dns))),
            "--serve", "ExternalIPs", "--shards", "1");
        _client = await TestConnection.ConnectAsync(_web);
        await _client.ExchangeAsync(new byte[10]);
        await _l4lb.AdminAsync(HttpMethod.Post, $"/api/v1/services/default/web/backends/{_backend.EndPoint}/drain");
    }

    [Fact]
    public async Task At_80_by_24_it_looks_like_this()
    {
        await using var terminal = Start("--sort", "name");

        await terminal.ShowsAsync("measured rates", static lines => lines.Any(static l => l.StartsWith("by name, 1-2 of 2", StringComparison.Ordinal)));

        Assert.Equal(24, terminal.Screen.Count);
        Assert.All(terminal.Screen, static line => Assert.InRange(line.Length, 0, 80));
        Check(terminal.Screen, "top.golden.txt");
        await terminal.TypeAsync("q");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }

    [Fact]
    public async Task Suspended_it_gives_the_terminal_back_until_it_goes_on()
    {
        await using var terminal = PseudoTerminal.Start(Command("top"), suspends: true);
        await terminal.ShowsAsync("services", static lines => lines.Any(static l => l.StartsWith("by sessions", StringComparison.Ordinal)));

        await terminal.TypeAsync("\x1a");
        await Eventually.HoldsAsync("the shell goes on", () => terminal.Text.Contains("SUSPENDED", StringComparison.Ordinal));
        var text = terminal.Text;
        Assert.True(text.IndexOf(Leave, StringComparison.Ordinal) is > 0 and var left && left < text.IndexOf("SUSPENDED", StringComparison.Ordinal), text);

        terminal.AssertSuspendedAsBefore();
        await terminal.TypeAsync("\n");
        await Eventually.HoldsAsync(
            "it is drawn anew on its own screen",
            () => terminal.Text[text.Length..].Split(Enter) is [_, var drawn] && drawn.Contains("default/web", StringComparison.Ordinal));
        await terminal.TypeAsync("q");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }

    [Fact]
    public async Task Without_a_terminal_it_prints_one_table()
    {
        var result = await RunToEndAsync("top", "--interval", "100ms", "--sort", "name");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Check(result.Output.Split('\n'), "top-once.golden.txt");
    }

    [Fact]
    public async Task Keys_sort_and_pause_and_a_resized_window_is_filled()
    {
        await using var terminal = Start();
        await terminal.ShowsAsync("by sessions at first", static lines => lines.Any(static l => l.StartsWith("by sessions", StringComparison.Ordinal)));
        foreach (var (key, order) in new[] { ("n", "name"), ("a", "active"), ("t", "p99"), ("e", "errors"), ("s", "sessions"), ("i", "in"), ("o", "out"), ("r", "retries") })
        {
            await terminal.TypeAsync(key);
            await terminal.ShowsAsync($"by {order}", lines => lines.Any(l => l.StartsWith($"by {order}, ", StringComparison.Ordinal)));
        }

        await terminal.TypeAsync("a");
        await terminal.ShowsAsync("the one with a session first", static lines =>
            lines.ToList().FindIndex(static l => l.StartsWith("default/web", StringComparison.Ordinal)) is > 0 and var web
            && web < lines.ToList().FindIndex(static l => l.StartsWith("default/dns", StringComparison.Ordinal)));
        await terminal.TypeAsync("p");
        await terminal.ShowsAsync("paused", static lines => lines.Any(static l => l.StartsWith("paused, by active", StringComparison.Ordinal)));
        await terminal.ResizeAsync(120, 40);
        await terminal.ShowsAsync("40 lines of up to 120 columns", static lines => lines.Count == 40 && lines.Any(static l => l.Length == 120));
        await terminal.ResizeAsync(60, 10);
        await terminal.ShowsAsync("10 lines of up to 60 columns", static lines => lines.Count == 10 && lines.All(static l => l.Length <= 60));
        await terminal.TypeAsync("\e");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }

    [Theory]
    [InlineData("q")]
    [InlineData("\u0003")] // Ctrl-C
    [InlineData("\u001c")] // Ctrl-\
    public async Task However_it_is_left_the_terminal_is_as_before(string key)
    {
        await using var terminal = Start();
        await terminal.ShowsAsync("a picture", static lines => lines.Count == 24);

        await terminal.TypeAsync(key);

        Assert.Equal(0, await terminal.WaitForExitAsync());
        Assert.StartsWith(Enter, terminal.Text[terminal.Text.IndexOf(Enter, StringComparison.Ordinal)..]);
        Assert.True(terminal.Text.IndexOf(Enter, StringComparison.Ordinal) < terminal.Text.LastIndexOf(Leave, StringComparison.Ordinal), terminal.Text);
        Assert.DoesNotContain(Enter, terminal.Text[terminal.Text.LastIndexOf(Leave, StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("TERM")]
    public async Task A_signal_too_leaves_the_terminal_as_before(string signal)
    {
        await using var terminal = Start();
        await terminal.ShowsAsync("a picture", static lines => lines.Count == 24);

        await ChildProcess.RunAndCheckAsync("kill", $"-{signal}", $"{terminal.Id}");

        Assert.Equal(0, await terminal.WaitForExitAsync());
        Assert.Contains(Leave, terminal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends_when_its_terminal_does_whether_it_hears_of_that_or_not(bool ignoresHangUp)
    {
        await using var terminal = PseudoTerminal.Start(Command("top"), ignoresHangUp);
        await terminal.ShowsAsync("a picture", static lines => lines.Count == 24);
        var id = terminal.Id;

        await terminal.HangUpAsync();

        await Eventually.HoldsAsync("its process is gone", () => ProcessTable.HasEnded(id));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _l4lb.DisposeAsync();
        await _backend.DisposeAsync();
        _folder.Dispose();
    }

    private PseudoTerminal Start(params string[] options) => PseudoTerminal.Start(Command(["top", .. options]));

    private string[] Command(params string[] words) => [.. L4LbProcess.Command, .. words, "--admin", _l4lb.Admin.Authority];

    private Task<CommandResult> RunToEndAsync(params string[] words) => ChildProcess.RunAsync(Command(words));

    private void Check(IEnumerable<string> lines, string file) => Golden.Check(
        Clock().Replace(string.Join('\n', lines.Select(static l => l.TrimEnd())), "N"),
        file,
        (_l4lb.Admin.Authority, "127.0.0.1:9900"),
        ($"{_backend.EndPoint}", "10.0.0.1:8080"),
        ($"p{_web.Port}", "http"),
        ($"p{_dns.Port}", "dns"));

    /// <summary>How long it is up, how many sessions this machine may have, and what of a port's name there is room for.</summary>
    [GeneratedRegex(@"(?<=  up )\d+\w+|(?<=\d of )[\d.]+[kM]?(?= sessions)|(?<=:p)\d+(?=…)")]
    private static partial Regex Clock();
}
