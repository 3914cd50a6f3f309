using L4Lb.Host.Cli;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Cli;

public sealed class EndToEndTests : IDisposable
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          clusterIP: 10.96.0.10
          ports:
            - port: 80
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: web-1
          labels:
            kubernetes.io/service-name: web
        addressType: IPv4
        ports:
          - port: 8080
        endpoints:
          - addresses: [10.0.0.1]
          - addresses: [10.0.0.2]
            conditions: {ready: false}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Check_is_content_with_a_good_file()
    {
        File.WriteAllText(_folder.File("a.yaml"), Service);

        Assert.Equal((0, "", ""), await RunAsync("check", "-f", _folder.Path));
    }

    [Fact]
    public async Task Check_names_file_line_and_field()
    {
        File.WriteAllText(_folder.File("a.yaml"), Service.Replace("port: 80\n", "port: 0\n", StringComparison.Ordinal));

        var (code, output, error) = await RunAsync("check", "-f", _folder.File("a.yaml"));

        Assert.Equal(1, code);
        Assert.StartsWith($"{_folder.File("a.yaml")}:8: spec.ports[0].port: ", output);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Explain_follows_a_connection_through_files()
    {
        File.WriteAllText(_folder.File("a.yaml"), Service);

        var (code, output, _) = await RunAsync("explain", "-f", _folder.Path, "--client", "192.0.2.1", "--to", "10.96.0.10:80");

        Assert.Equal(0, code);
        Assert.StartsWith("192.0.2.1 -> 10.96.0.10:80/tcp: default/web:80/tcp forwards it to 10.0.0.1:8080", output);
        Assert.Contains("10.0.0.2:8080  weight 1  not eligible: ", output);
    }

    [Fact]
    public async Task A_program_as_check_needs_its_folder()
    {
        WriteAnnotated("l4lb.io/health-check: exec:check-web --fast,interval=5s");

        var (code, output, _) = await RunAsync("check", "-f", _folder.Path);

        Assert.Equal(1, code);
        Assert.Equal(
            $"{_folder.File("a.yaml")}:6: metadata.annotations[l4lb.io/health-check]: "
            + "Invalid value: \"exec:check-web --fast,interval=5s\": checks by a program are off; l4lb --exec-probes DIR allows those in DIR\n",
            output);

        (code, output, _) = await RunAsync("check", "-f", _folder.Path, "--exec-probes", "/probes");

        Assert.Equal((0, ""), (code, output));
    }

    [Theory]
    [InlineData("best", "unknown scheduler \"best\"; known: ")]
    [InlineData("rr,speed=9", "scheduler \"rr\" takes no parameters")]
    public async Task Check_asks_the_catalog_about_schedulers(string scheduler, string expected)
    {
        WriteAnnotated($"l4lb.io/scheduler: {scheduler}");

        var (code, output, _) = await RunAsync("check", "-f", _folder.Path);

        Assert.Equal(1, code);
        Assert.StartsWith(
            $"{_folder.File("a.yaml")}:6: metadata.annotations[l4lb.io/scheduler]: Invalid value: \"{scheduler}\": {expected}", output);
    }

    [Fact]
    public async Task Udp_is_checked_and_explained()
    {
        var udp = Service.Replace("- port: 80\n", "- {port: 53, protocol: UDP}\n", StringComparison.Ordinal)
            .Replace("- port: 8080\n", "- {port: 5353, protocol: UDP}\n", StringComparison.Ordinal);
        WriteAnnotated("l4lb.io/udp: requests=1,response=1", udp);

        var (code, output, _) = await RunAsync("check", "-f", _folder.Path);

        Assert.Equal(1, code);
        Assert.StartsWith(
            $"{_folder.File("a.yaml")}:6: metadata.annotations[l4lb.io/udp]: Invalid value: \"requests=1,response=1\": "
            + "\"response\" is not known here; expected per-datagram, requests=, responses=,", output);

        WriteAnnotated("l4lb.io/udp: requests=1,responses=1", udp);

        Assert.Equal((0, "", ""), await RunAsync("check", "-f", _folder.Path));
        (_, output, _) = await RunAsync("explain", "-f", _folder.Path, "--client", "192.0.2.1", "--to", "10.96.0.10:53/udp");
        Assert.StartsWith("192.0.2.1 -> 10.96.0.10:53/udp: default/web:53/udp forwards it to 10.0.0.1:5353", output);
        Assert.Contains("requests: every datagram of the client begins a flow of its own", output);
    }

    [Fact]
    public async Task Explain_says_which_checks_would_run()
    {
        WriteAnnotated("l4lb.io/health-check: exec:check-web --fast,interval=5s");

        var (_, output, _) = await RunAsync(
            "explain", "-f", _folder.Path, "--client", "192.0.2.1", "--to", "10.96.0.10:80", "--exec-probes", "/probes");

        Assert.Contains("Health         health-check exec:check-web --fast,interval=5s: /probes/check-web must exit with 0 within 1s, ", output);
        Assert.Contains("outlier-detection: after 5 failed connects in a row", output);
    }

    [Theory]
    [InlineData(@"udp:\x00a\,b\r\n/c,port=53")]
    [InlineData(@"'udp:\x00a\,b\r\n/c,port=53'")]
    [InlineData(@"""udp:\\x00a\\,b\\r\\n/c,port=53""")]
    public async Task Escapes_come_through_yaml(string yaml)
    {
        WriteAnnotated($"l4lb.io/health-check: {yaml}");

        var (_, output, _) = await RunAsync("explain", "-f", _folder.Path, "--client", "192.0.2.1", "--to", "10.96.0.10:80");

        Assert.Contains(@"health-check udp:\x00a\,b\r\n/c,port=53: ", output);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    private void WriteAnnotated(string annotation, string service = Service) => File.WriteAllText(
        _folder.File("a.yaml"),
        service.Replace("  name: web\nspec:", $"  name: web\n  annotations:\n    {annotation}\nspec:", StringComparison.Ordinal));

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        var code = await CommandLine.RunAsync(arguments, new CommandContext(_out, _error, _ => null), CommandHandlers.Default);
        return (code, _out.ToString(), _error.ToString());
    }
}
