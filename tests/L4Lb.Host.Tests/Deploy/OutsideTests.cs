using L4Lb.Host.Tests.Cli;
using L4Lb.K8s.Client;
using L4Lb.K8s.Cluster;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.Host.Tests.Deploy;

/// <summary>Holds what <c>deploy/appliance</c> has for machines outside of the cluster to the program.</summary>
public sealed class OutsideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_unit_starts_it_as_the_command_line_has_it()
    {
        var unit = File.ReadAllText(DeployFolder.Path("appliance/l4lb.service")).Replace("\\\n", "", StringComparison.Ordinal)
            .Split('\n').Where(static l => l.Contains('=')).Select(static l => l.Split('=', 2)).ToDictionary(static l => l[0], static l => l[1]);
        var words = unit["ExecStart"].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["/usr/local/bin/l4lb", "run"], words[..2]);
        var settings = CommandLineFixture.Run(words[2..]);

        Assert.Equal("/etc/l4lb/kubeconfig.yaml", settings.Cluster!.Kubeconfig);
        Assert.Equal(BackendKind.Nodes, settings.Cluster.Proxy.Backends);
        Assert.Equal($"/var/lib/{unit["StateDirectory"]}", settings.Standalone.StateDirectory);
        Assert.True(TimeSpan.FromSeconds(int.Parse(unit["TimeoutStopSec"])) > settings.DrainTimeout);
    }

    [Fact]
    public void The_kubeconfig_is_understood_and_has_the_Leases_where_the_rights_are()
    {
        var config = _folder.File("kubeconfig.yaml");
        File.Copy(DeployFolder.Path("appliance/kubeconfig.yaml"), config);
        File.WriteAllText(_folder.File("ca.crt"), TestAuthority.Create().Pem);
        File.WriteAllText(_folder.File("token"), "token");

        Assert.Equal(DeployedRights.Namespace, KubernetesConnection.Discover(config).Namespace);
    }

    [Fact]
    public void The_token_is_that_of_the_account_that_has_the_rights()
    {
        var secret = Assert.Single(Kustomization.Parse(File.ReadAllText(DeployFolder.Path("appliance/token.yaml"))));
        var account = (string)secret["metadata"]!["annotations"]!["kubernetes.io/service-account.name"]!;
        var rights = AccessRights.Of(Kustomization.Read(DeployFolder.Path("appliance")), secret.Meta("namespace")!, account);

        Assert.Equal(DeployedRights.All.Grants, rights.Grants);
    }

    public void Dispose() => _folder.Dispose();
}
