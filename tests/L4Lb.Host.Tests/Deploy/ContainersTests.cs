using System.Text.Json.Nodes;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Cli;
using L4Lb.K8s.Cluster;
using L4Lb.Testing.Cluster;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.Host.Tests.Deploy;

/// <summary>Holds the containers of <c>deploy</c> to the program that they start.</summary>
public sealed class ContainersTests
{
    [Theory]
    [InlineData("daemonset", BackendKind.Endpoints)]
    [InlineData("appliance", BackendKind.Nodes)]
    public void They_are_started_as_the_command_line_has_it(string folder, BackendKind backends)
    {
        var settings = new Workload(folder).Settings;

        Assert.Equal(backends, settings.Cluster!.Proxy.Backends);
        Assert.NotNull(settings.Addresses.Interface);
        Assert.NotNull(settings.Cluster.Proxy.NodeName);
        Assert.True(settings.Cluster.Provider);
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void Every_variable_is_that_of_an_option(string folder)
    {
        var context = new CommandContext(TextWriter.Null, TextWriter.Null, static _ => null);
        var run = RunCommandLine.Build(context, static (_, _, _) => Task.FromResult(0));
        var known = run.Options.Select(static o => EnvironmentArguments.VariableOf(o.Name)).ToHashSet(StringComparer.Ordinal);

        Assert.All(new Workload(folder).Variables.Keys, name => Assert.Contains(name, known));
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void Probes_ask_the_admin_API(string folder)
    {
        var workload = new Workload(folder);
        var probes = ((string[])["readinessProbe", "livenessProbe"]).Select(p => workload.Container[p]!["httpGet"]!).ToList();

        Assert.All(probes, p => Assert.Equal(workload.Settings.Admin.Address, AdminAddress.Read($"{p["host"]}:{p["port"]}")));
        Assert.Equal(["/readyz", "/healthz"], probes.Select(static p => (string?)p["path"]));
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void What_it_writes_to_is_mounted_and_nothing_else(string folder)
    {
        var workload = new Workload(folder);
        var mounts = workload.Container["volumeMounts"]!.AsArray();
        var volumes = workload.Pod["volumes"]!.AsArray();

        // The runtime wants a folder for temporary files.
        var written = workload.Settings.Standalone.StateDirectory ?? AddressJournal.DefaultFolder;
        Assert.Equal([written, "/tmp"], mounts.Select(static m => (string?)m!["mountPath"]));
        Assert.Equal(volumes.Select(static v => (string?)v!["name"]), mounts.Select(static m => (string?)m!["name"]));
        Assert.Equal("true", (string?)workload.Container["securityContext"]!["readOnlyRootFilesystem"]);
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void It_has_time_to_drain(string folder)
    {
        var workload = new Workload(folder);
        var grace = TimeSpan.FromSeconds(int.Parse((string)workload.Pod["terminationGracePeriodSeconds"]!));
        Assert.True(grace > workload.Settings.DrainTimeout);
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void It_runs_as_the_account_that_has_the_rights(string folder)
    {
        var workload = new Workload(folder);
        var rights = AccessRights.Of(workload.Manifests, workload.Document.Meta("namespace")!, (string)workload.Pod["serviceAccountName"]!);

        Assert.Equal(DeployedRights.All.Grants, rights.Grants);
        Assert.Equal(
            (string?)workload.Document["spec"]!["selector"]!["matchLabels"]!["app.kubernetes.io/name"],
            (string?)workload.Document["spec"]!["template"]!["metadata"]!["labels"]!["app.kubernetes.io/name"]);
    }

    /// <summary>The one workload of a kustomization of <c>deploy</c>.</summary>
    private sealed class Workload
    {
        public Workload(string folder)
        {
            Manifests = Kustomization.Read(DeployFolder.Path(folder));
            Document = Manifests.Single(static m => (string?)m["kind"] is "DaemonSet" or "Deployment");
            Pod = Document["spec"]!["template"]!["spec"]!;
            Container = Assert.Single(Pod["containers"]!.AsArray())!;

            // What the node fills in is any name here.
            Variables = Container["env"]!.AsArray().ToDictionary(static e => (string)e!["name"]!, static e => (string?)e!["value"] ?? "node-1");
            string[] arguments = [.. Container["args"]!.AsArray().Select(static a => (string)a!)];
            Assert.Equal("run", arguments[0]);
            Settings = CommandLineFixture.RunWith(Variables, arguments[1..]);
        }

        public IReadOnlyList<JsonObject> Manifests { get; }

        public JsonObject Document { get; }

        public JsonNode Pod { get; }

        public JsonNode Container { get; }

        public Dictionary<string, string> Variables { get; }

        public RunSettings Settings { get; }
    }
}
