using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>The scripts of <c>l4lb completion</c>, run by the shells that they are for, against a running instance.</summary>
public sealed class CompletionTests : IAsyncLifetime
{
    private const string Backend = "127.0.0.11:8080";

    private readonly TemporaryFolder _folder = new();
    private L4LbProcess _l4lb = null!;

    // A line that somebody types, and what the shell makes of it.
    private static readonly (string Line, string Expected)[] s_lines =
    [
        ("l4lb dra", "l4lb drain"),
        ("l4lb compl", "l4lb completion"),
        ("l4lb completion fi", "l4lb completion fish"),
        ("l4lb run --node-po", "l4lb run --node-port-range"),
        ("l4lb get services --all-n", "l4lb get services --all-namespaces"),
        ("l4lb get services -o js", "l4lb get services -o json"),
        ("l4lb get serv", "l4lb get service"), // One of a few that begin so.
        ("l4lb drain sho", "l4lb drain shop"),
        ("l4lb get services --namespace defa", "l4lb get services --namespace default"),
        ("l4lb drain shop 127.0", $"l4lb drain shop {Backend}"),
        ("l4lb drain shop 127.0.0.11:80", $"l4lb drain shop {Backend}"), // Readline begins a word behind the colon.
    ];

    public async ValueTask InitializeAsync()
    {
        var shop = Loopback.FreeEndPoint();
        var program = _folder.Write("l4lb", $"#!/bin/sh\nexec {string.Join(' ', L4LbProcess.Command)} \"$@\"\n");
        await ChildProcess.RunAndCheckAsync("chmod", "+x", program);
        _l4lb = await L4LbProcess.StartAsync(
            "-f",
            _folder.Write("shop.yaml", Manifest.Of(
                Manifest.Service("shop", shop), Manifest.Slice("shop", shop.Port, System.Net.IPEndPoint.Parse(Backend)))),
            "--serve", "ExternalIPs", "--shards", "1");
    }

    [Fact]
    public Task Bash_completes() => CompletesAsync(["bash", "--norc", "--noprofile", "-i"], "source <(l4lb completion bash)\n");

    [Fact]
    public Task Zsh_completes() => CompletesAsync(
        ["zsh", "-f", "-i"], "bindkey -e; unsetopt prompt_cr prompt_sp; autoload -Uz compinit; compinit -u -D; source <(l4lb completion zsh)\n");

    [Fact]
    public async Task Fish_completes()
    {
        Requirements.Program("fish");
        foreach (var (line, expected) in s_lines)
        {
            var word = expected.Split(' ')[^1];
            await Eventually.HoldsAsync($"{word} is offered for {line}", async () =>
            {
                var result = await ChildProcess.RunAsync(
                    ["env", .. Variables().Select(static v => $"{v.Name}={v.Value}"), "fish", "--no-config", "-c", $"l4lb completion fish | source; complete -C '{line}'"]);
                Assert.Equal((0, ""), (result.ExitCode, result.Errors));
                return result.Output.Split('\n').Contains(word);
            });
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_scripts_have_no_fault_that_their_shell_sees(string shell)
    {
        Requirements.Program(shell);
        var script = _folder.Write($"l4lb.{shell}", (await L4LbProcess.RunToEndAsync("completion", shell)).Output + "\n");

        var result = await ChildProcess.RunAsync(shell, "-n", script);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        await _l4lb.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Types the line, presses Tab, and has the shell itself say what came of it. A name is asked of the instance, which on a busy
    /// machine may not answer in the moment that somebody at a prompt would wait: then once more.
    /// </summary>
    private async Task CompletesAsync(string[] shell, string preparation)
    {
        Requirements.Program(shell[0]);
        await using var terminal = PseudoTerminal.Start(shell, variables: Variables());
        await terminal.TypeAsync(preparation);
        await terminal.TypeAsync("echo rea''dy\n");
        await Eventually.HoldsAsync(() => terminal.Text.Contains("ready", StringComparison.Ordinal), () => terminal.Text);
        var tries = 0;
        foreach (var (line, expected) in s_lines)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    var mark = $"try{++tries}=";
                    await terminal.TypeAsync($"{line}\t\u0001echo {mark}'\u0005'\n");
                    await Eventually.HoldsAsync(() => LineAfter(terminal.Text, $"\n{mark}") is not null, () => terminal.Text);
                    return LineAfter(terminal.Text, $"\n{mark}")!.TrimEnd() == expected;
                },
                () => $"{line} is not completed to {expected}: {terminal.Text}");
        }

        await terminal.TypeAsync("exit\n");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }

    private static string? LineAfter(string text, string mark)
    {
        var start = text.IndexOf(mark, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf('\r', start + mark.Length);
        return end < 0 ? null : text[(start + mark.Length)..end];
    }

    private (string Name, string Value)[] Variables() =>
    [
        ("PATH", $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"),
        ("L4LB_ADMIN", _l4lb.Admin.Authority),
        ("HOME", _folder.Path),
        ("TERM", "dumb"),
        ("PS1", "> "),
    ];
}
