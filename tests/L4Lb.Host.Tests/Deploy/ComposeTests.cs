using System.Text.RegularExpressions;
using L4Lb.Host.Check;
using L4Lb.Host.Cli;
using L4Lb.Host.Tests.Cli;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Deploy;

/// <summary>Holds <c>docker-compose.yml</c>, <c>Dockerfile</c> and what they mount to the program and to each other.</summary>
public sealed partial class ComposeTests
{
    private static readonly string s_compose = Read("docker-compose.yml");

    [Fact]
    public void It_starts_the_program_as_the_command_line_has_it()
    {
        var arguments = Command().Match(s_compose).Groups["words"].Value.Split(", ").Select(static w => w.Trim('"')).ToArray();
        var variables = Variable().Matches(s_compose).ToDictionary(static m => m.Groups["name"].Value, static m => m.Groups["value"].Value);
        var settings = CommandLineFixture.RunWith(variables, arguments[1..]);

        Assert.Equal("0.0.0.0:9900", settings.Admin.Address.ToString());
        Assert.NotNull(settings.Admin.ReadTokenFile);
        Assert.Contains($"{settings.Manifests.Paths.Single()}:ro", s_compose, StringComparison.Ordinal);
        Assert.True(TimeSpan.FromSeconds(int.Parse(GracePeriod().Match(s_compose).Groups["seconds"].Value)) > settings.DrainTimeout);
    }

    [Fact]
    public async Task Its_services_are_valid()
    {
        var settings = new CheckSettings(new ManifestSourceOptions([DeployFolder.Path("compose/services")]), new StandaloneOptions());

        Assert.Equal(
            ExitCode.Done, await CheckCommand.RunAsync(settings, new CommandContext(TextWriter.Null, TextWriter.Null, static _ => null), default));
    }

    [Fact]
    public void The_addresses_of_the_services_are_those_of_its_containers()
    {
        var given = Address().Matches(s_compose).Select(static m => m.Value).ToHashSet(StringComparer.Ordinal);
        var used = Directory.GetFiles(DeployFolder.Path("compose/services")).SelectMany(static f => Address().Matches(File.ReadAllText(f)));

        Assert.All(used.Select(static m => m.Value), address => Assert.Contains(address, given));
    }

    [Fact]
    public void What_it_mounts_is_there()
    {
        var mounts = Mount().Matches(s_compose);

        Assert.Equal(s_compose.Split("./").Length - 1, mounts.Count);
        Assert.All(mounts, static mount => Assert.True(Path.Exists(PathOf(mount)), mount.Value));
    }

    [Fact]
    public void There_is_one_of_each()
    {
        Assert.Single(Directory.GetFiles(DeployFolder.Path(""), "prometheus.yml", SearchOption.AllDirectories));
        Assert.Single(Directory.GetDirectories(DeployFolder.Path(""), "datasources", SearchOption.AllDirectories));
        Assert.Single(Directory.GetDirectories(DeployFolder.Path(""), "dashboards", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("/etc/prometheus", "prometheus.yml", "rule_files: [alerts.yaml]")]
    [InlineData("/etc/prometheus", "alerts.yaml", "L4LbBackendDown")]
    [InlineData("/etc/grafana/provisioning", "datasources/l4lb.yaml", "http://prometheus:9090")]
    [InlineData("/etc/grafana/provisioning", "dashboards/l4lb.yaml", "path: /var/lib/grafana/dashboards")]
    [InlineData("/var/lib/grafana/dashboards/l4lb.json", "", "\"uid\": \"l4lb\"")]
    public void What_is_looked_for_in_a_mounted_place_is_there(string target, string file, string text)
    {
        var mount = Mount().Matches(s_compose).Single(m => m.Groups["target"].Value == target);

        var content = File.ReadAllText(file.Length > 0 ? Path.Combine(PathOf(mount), file) : PathOf(mount));

        Assert.Contains(text, content, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_image_has_a_stand_in()
    {
        var script = Read("eng/try-compose.sh");
        var images = Image().Matches(s_compose).Concat(BaseImage().Matches(Read("Dockerfile"))).Select(static m => m.Groups["name"].Value);

        Assert.All(images.Except(["l4lb"]), image => Assert.Contains($" {image} ", script, StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_asks_for_its_health_as_the_command_line_has_it()
    {
        var fixture = new CommandLineFixture();
        var words = HealthCheck().Match(Read("Dockerfile")).Groups["words"].Value.Split(", ").Select(static w => w.Trim('"')).ToArray();

        Assert.Equal("/app/l4lb", words[0]);
        Assert.Equal(0, fixture.ExitCodeOf(words[1..]));
    }

    private static string PathOf(Match mount) => Path.Combine(RepositoryFolder.Root, mount.Groups["path"].Value);

    private static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryFolder.Root, path));

    [GeneratedRegex(@"command: \[(?<words>run, [^\]]*)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex(@"^ +(?<name>L4LB_[A-Z_]+): (?<value>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@"stop_grace_period: (?<seconds>\d+)s", RegexOptions.ExplicitCapture)]
    private static partial Regex GracePeriod();

    [GeneratedRegex(@"172\.31\.77\.\d+(?!/)\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"[ ""]\./(?<path>[^:]+):(?<target>[^:]+):ro", RegexOptions.ExplicitCapture)]
    private static partial Regex Mount();

    [GeneratedRegex(@"^ +image: (?<name>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Image();

    [GeneratedRegex(@"^ARG \w+=(?<name>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex BaseImage();

    [GeneratedRegex(@"^HEALTHCHECK .* CMD \[(?<words>.*)\]$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex HealthCheck();
}
