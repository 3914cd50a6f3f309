using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>Debian's BIRD in a namespace, with a configuration of <c>deploy/bgp</c> as it is.</summary>
internal sealed class Bird : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    private Bird(NetworkNamespace space, string configuration) => _process = ChildProcess.Start(
    [
        .. space.Enter, "bird", "-f", "-c", Path.Combine(RepositoryFolder.Root, "deploy", "bgp", configuration), "-s", Control,
        "-P", _folder.File("bird.pid"),
    ]);

    // A socket's path has at most 107 letters.
    private string Control => _folder.File("bird.ctl");

    /// <summary>Starts one and waits until it can be asked.</summary>
    public static async Task<Bird> StartAsync(NetworkNamespace space, string configuration)
    {
        Requirements.Program("bird");
        var bird = new Bird(space, configuration);
        try
        {
            await Eventually.HoldsAsync("BIRD answers", async () =>
            {
                Assert.False(bird._process.HasExited, $"BIRD did not start:\n{bird._process.Printed}");
                return (await bird.TryAskAsync("show status")).Contains("Daemon is up and running", StringComparison.Ordinal);
            });
            return bird;
        }
        catch
        {
            await bird.DisposeAsync();
            throw;
        }
    }

    /// <summary>What <c>birdc</c> answers.</summary>
    public Task<string> AskAsync(string command) => ChildProcess.RunAndCheckAsync(["birdc", "-s", Control, .. command.Split(' ')]);

    /// <summary>Kills it, so that its neighbours have to find out.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> TryAskAsync(string command) => (await ChildProcess.RunAsync(["birdc", "-s", Control, .. command.Split(' ')])).Output;
}
