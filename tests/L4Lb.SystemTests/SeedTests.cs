using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>The manifests of the documents, given to the real program as they are written there.</summary>
public sealed class SeedTests
{
    private const string ServiceCidr = "10.0.0.0/8"; // One of them asks for 10.0.171.239.

    // What check answers; for what it accepts, how many Service ports run knows.
    private static readonly Dictionary<string, int?> s_servicePorts = new(StringComparer.Ordinal)
    {
        ["000-external-database"] = 0,
        ["000-external-ip-service"] = 1,
        ["000-fragment-affinity"] = null,
        ["000-fragment-labels"] = null,
        ["000-fragment-naming"] = null,
        ["000-headless-service"] = 0,
        ["000-multi-port-service"] = 3,
        ["000-my-loadbalancer-service"] = 1,
        ["000-my-nodeport-service"] = 1,
        ["000-my-web-service"] = 1,
        ["000-nginx-deployment-and-services"] = 2,
        ["000-pod-with-probes"] = null,
        ["000-sticky-service"] = 1,
        ["000-topology-aware-service"] = null,
        ["001-my-service"] = 1,
        ["001-my-service-endpoints"] = 0,
        ["001-my-service-external-ips"] = 1,
        ["001-my-service-external-name"] = 0,
        ["001-my-service-load-balancer"] = 1,
        ["001-my-service-multi-port"] = 2,
        ["001-my-service-without-selector"] = 1,
        ["002-unindented-deployment"] = 0,
        ["002-unindented-fragment-affinity"] = null,
        ["002-unindented-fragment-ports"] = null,
        ["002-unindented-service"] = null,
        ["004-externalname-baidu-misspelled"] = null,
        ["004-nginx-svc"] = 1,
        ["004-nginx-svc-external-with-endpoints"] = 1,
    };

    private static string Folder { get; } = Path.Combine(RepositoryFolder.Root, "tests", "L4Lb.K8s.Tests", "assets", "seeds");

    public static TheoryData<string> Invalid => [.. s_servicePorts.Where(s => s.Value is null).Select(s => s.Key)];

    public static TheoryData<string> Valid => [.. s_servicePorts.Where(s => s.Value is not null).Select(s => s.Key)];

    [Fact]
    public void Every_seed_has_an_expectation() => Assert.Equal(
        s_servicePorts.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Check_and_run_refuse(string name)
    {
        var check = await L4LbProcess.RunToEndAsync("check", "-f", PathOf(name), "--service-cidr", ServiceCidr);
        var run = await L4LbProcess.RunToEndAsync("run", "--admin", "none", "-f", PathOf(name), "--service-cidr", ServiceCidr);

        Assert.Equal(1, check.ExitCode);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{PathOf(name)}:", check.Output, StringComparison.Ordinal);
        Assert.Contains($"{PathOf(name)}:", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task Check_accepts_and_run_starts_and_stops(string name)
    {
        await using var space = await NetworkNamespace.CreateAsync();
        var check = await L4LbProcess.RunToEndAsync("check", "-f", PathOf(name), "--service-cidr", ServiceCidr);
        Assert.True(check.ExitCode == 0, check.Output);

        await using var l4lb = await L4LbProcess.StartAsync(space.Enter, ["-f", PathOf(name), "--service-cidr", ServiceCidr]);

        var servicePorts = s_servicePorts[name]!.Value;
        await l4lb.WaitForLogAsync($"revision 1: {servicePorts} service ports, {(servicePorts == 0 ? "0 listeners" : "")}");
        await l4lb.StopAsync();
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".yaml");
}
