using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Commands whose reader goes away before they are done: they end, quietly, and that is no failure.</summary>
public sealed class PipeTests : IAsyncLifetime
{
    private L4LbProcess _l4lb = null!;

    public async ValueTask InitializeAsync() =>
        _l4lb = await L4LbProcess.StartAsync("--listen", $"tcp://127.0.0.1:{Loopback.FreePort()}", "--backend", "127.0.0.11:9");

    [Theory]
    [InlineData("get services -w", "head -n 1")] // Nothing changes, so that nothing more would ever be written.
    [InlineData("get services -w -o json", "head -n 1")]
    [InlineData("get backends -w", "true")]
    [InlineData("get services", "head -n 1")]
    [InlineData("get events -o yaml", "head -n 1")]
    [InlineData("get services", "true")]
    [InlineData("top --interval 100ms", "true")]
    public async Task Of_an_instance(string command, string reader) =>
        await EndsAsync($"{command} --admin {_l4lb.Admin.Authority}", reader);

    [Theory]
    [InlineData("completion bash", "head -n 1")]
    [InlineData("completion zsh", "true")]
    [InlineData("man", "head -n 1")]
    [InlineData("man", "true")]
    [InlineData("--help", "true")]
    [InlineData("run --help", "head -n 1")]
    public async Task Of_none(string command, string reader) => await EndsAsync(command, reader);

    public ValueTask DisposeAsync() => _l4lb.DisposeAsync();

    private static async Task EndsAsync(string command, string reader)
    {
        var program = string.Join(' ', L4LbProcess.Command.Select(static w => $"'{w}'"));
        await using var shell = ChildProcess.Start("bash", "-c", $"{program} {command} | {reader}; echo ${{PIPESTATUS[0]}}");

        Assert.Equal(0, await shell.WaitForExitAsync(Eventually.Deadline));
        Assert.Equal((reader == "true" ? 1 : 2, "0", ""), (shell.Output.Count, shell.Output.Last(), string.Join('\n', shell.Errors)));
    }
}
