using L4Lb.Host.Cli;
using L4Lb.Host.Demo;
using L4Lb.Host.Running;

namespace L4Lb.Host.Tests.Demo;

public class DemoTests
{
    [Fact]
    public void The_manifest_is_valid_and_shows_each_scheduler()
    {
        using var manifest = new DemoManifest(new DemoPorts(8080, 9001));

        var loaded = ManifestStateSource.Create(manifest.Source, DemoManifest.Standalone).Load();

        Assert.NotNull(loaded.Desired);
        Assert.Equal(
            ["lc", "random", "rr", "rr", "rr", "wrr"],
            loaded.Desired.Services.AsSpan().ToArray().Select(s => s.Scheduler.Name).Order(StringComparer.Ordinal));
        Assert.Contains(loaded.Desired.Services.AsSpan().ToArray(), s => s.Affinity is not null);
        Assert.All(loaded.Desired.Services.AsSpan().ToArray(), s => Assert.Equal(6, s.Backends.Count));
    }

    [Fact]
    public async Task Traffic_reaches_the_backends()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await DemoCommand.RunAsync(new DemoSettings(TimeSpan.Zero), new CommandContext(output, error, _ => null), default);

        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("curl http://127.96.0.11:", output.ToString());
        Assert.Contains("echo hi | nc -u -w1 127.96.0.16 ", output.ToString());
    }
}
