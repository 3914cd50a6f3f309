using L4Lb.Host.Addresses;
using L4Lb.Host.Running;
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
        var unit = new Unit(DeployFolder.Path("systemd/l4lb.service"));
        var settings = Start(unit);

        Assert.True(settings.Watch);
        Assert.Null(settings.Cluster);
        Assert.Equal(["CAP_NET_BIND_SERVICE"], unit.All("AmbientCapabilities"));
        Holds(unit, settings);
    }

    [Fact]
    public void So_does_that_for_a_cluster()
    {
        var unit = new Unit(DeployFolder.Path("systemd/l4lb.service"), DeployFolder.Path("appliance/l4lb.service.d/kubernetes.conf"));
        var settings = Start(unit);

        Assert.Equal("%d/kubeconfig.yaml", settings.Cluster!.Kubeconfig);
        Assert.Equal(BackendKind.Nodes, settings.Cluster.Proxy.Backends);
        Assert.Equal(["CAP_NET_BIND_SERVICE", "CAP_NET_ADMIN", "CAP_NET_RAW"], unit.All("AmbientCapabilities"));
        Assert.Contains("AF_PACKET", unit.All("RestrictAddressFamilies"));
        Holds(unit, settings);
    }

    [Fact]
    public void The_unit_for_a_cluster_is_given_every_file_of_the_kubeconfig()
    {
        var unit = new Unit(DeployFolder.Path("appliance/l4lb.service.d/kubernetes.conf"));
        var kubeconfig = File.ReadAllText(DeployFolder.Path("appliance/kubeconfig.yaml"));

        Assert.Equal(["kubeconfig.yaml", "ca.crt", "token"], unit.All("LoadCredential").Select(static c => c.Split(':')[0]));
        Assert.Contains("certificate-authority: ca.crt", kubeconfig, StringComparison.Ordinal);
        Assert.Contains("tokenFile: token", kubeconfig, StringComparison.Ordinal);
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

    private static RunSettings Start(Unit unit)
    {
        Assert.Equal(["/usr/local/bin/l4lb", "run"], unit.Command[..2]);
        return CommandLineFixture.Run(unit.Command[2..]);
    }

    /// <summary>What must hold of every unit.</summary>
    private static void Holds(Unit unit, RunSettings settings)
    {
        Assert.Equal($"/var/lib/{unit["StateDirectory"]}", settings.Standalone.StateDirectory);
        Assert.Equal(AddressJournal.DefaultFolder, $"/run/{unit["RuntimeDirectory"]}");
        Assert.True(TimeSpan.FromSeconds(int.Parse(unit["TimeoutStopSec"])) > settings.DrainTimeout);
        Assert.Equal(unit.All("CapabilityBoundingSet"), unit.All("AmbientCapabilities"));
        Assert.Equal("notify-reload", unit["Type"]);
    }
}
