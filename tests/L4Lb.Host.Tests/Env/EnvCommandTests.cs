using L4Lb.Host.Cli;
using L4Lb.Host.Env;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Env;

public sealed class EnvCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Env", "WEB_SERVICE_HOST=10.96.0.10\nWEB_SERVICE_PORT=80\nWEB_PORT=tcp://10.96.0.10:80\n")]
    [InlineData("Docker", "WEB_SERVICE_HOST=10.96.0.10\nWEB_SERVICE_PORT=80\nWEB_PORT=tcp://10.96.0.10:80\n")]
    [InlineData("Systemd", "WEB_SERVICE_HOST=\"10.96.0.10\"\nWEB_SERVICE_PORT=\"80\"\nWEB_PORT=\"tcp://10.96.0.10:80\"\n")]
    [InlineData("Json", "{\n  \"WEB_SERVICE_HOST\": \"10.96.0.10\",\n  \"WEB_SERVICE_PORT\": \"80\",\n  \"WEB_PORT\": \"tcp://10.96.0.10:80\",\n")]
    public async Task Each_form_is_what_its_reader_takes(string format, string expected)
    {
        var (code, output, error) = await RunAsync("prod", Web, Enum.Parse<EnvFormat>(format));
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.StartsWith(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_without_Services_is_pointed_out()
    {
        var (code, output, error) = await RunAsync("prdo", Web);
        Assert.Equal((ExitCode.Done, ""), (code, output));
        Assert.Equal("l4lb: warning: no Service is in namespace prdo; there are some in prod\n", error);
    }

    [Fact]
    public async Task Errors_of_the_files_are_said()
    {
        var (code, output, error) = await RunAsync("prod", Web.Replace("port: 80", "port: 0", StringComparison.Ordinal));
        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.Contains("a.yaml:4: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_addresses_that_a_running_instance_gave_out_are_read_and_left_alone()
    {
        var state = _folder.File("state");
        var options = new StandaloneOptions { StateDirectory = state };
        var path = _folder.Write("b.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\nspec: {ports: [{port: 80}]}\n");
        var given = new StandaloneControlPlane(options).MakePlan(new ManifestSource(new ManifestSourceOptions([path])).Load().Objects);
        var kept = File.ReadAllBytes(Path.Combine(state, "allocations.json"));

        var (_, output, error) = await RunAsync(
            "prod", File.ReadAllText(path) + "---\n" + File.ReadAllText(path).Replace("web", "new", StringComparison.Ordinal),
            EnvFormat.Env, options with { ReadOnlyState = true });
        Assert.Contains($"WEB_SERVICE_HOST={given.Services[0].ClusterIP}\n", output, StringComparison.Ordinal);
        Assert.StartsWith("l4lb: warning: prod/new has no clusterIP, and what an instance gave it is not known: the address is made up", error);
        Assert.DoesNotContain("prod/web", error);
        Assert.Equal(kept, File.ReadAllBytes(Path.Combine(state, "allocations.json")));
    }

    private const string Web = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\nspec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}\n";

    private async Task<(int Code, string Output, string Error)> RunAsync(
        string home, string manifest, EnvFormat format = EnvFormat.Env, StandaloneOptions? standalone = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var settings = new EnvSettings(
            home, new ManifestSourceOptions([_folder.Write("a.yaml", manifest)]), standalone ?? new StandaloneOptions(), ServiceLinks: true, format);
        var code = await EnvCommand.RunAsync(settings, new CommandContext(output, error, static _ => null), CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
