using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Reading;

namespace L4Lb.K8s.Tests.Seeds;

/// <summary>The manifests of the documents that the project was made from, as they are written there.</summary>
public sealed class SeedTests
{
    private const string ExternalIPsWarning =
        "warning: spec.externalIPs is deprecated and may no longer be implemented in some clusters";

    private const string EndpointsWarning =
        "warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

    private const string NameRequired = "metadata.name: Required value: name or generateName is required";

    // File, what is found in it, and what is said of it.
    private static readonly Dictionary<string, (string[] Objects, string[] Messages)> s_expected = new(StringComparer.Ordinal)
    {
        ["000-external-database"] = (["Service default/external-database"], []),
        ["000-external-ip-service"] = (["Service default/external-ip-service"], [$"11: {ExternalIPsWarning}"]),
        ["000-fragment-affinity"] = ([], ["""1: Object 'Kind' is missing in '{"spec":{"sessionAffinity":"ClientIP"}}'"""]),
        ["000-fragment-labels"] = ([], ["""1: Object 'Kind' is missing in '{"metadata":{"labels":{"app":"web","environment":"production","tier":"frontend","version":"v1.2.3"}}}'"""]),
        ["000-fragment-naming"] = ([], ["""2: Object 'Kind' is missing in '{"metadata":{"name":"user-service","name":"svc-001"},"ports":[{"name":"http"},{"name":"port1"}]}'"""]),
        ["000-headless-service"] = (["Service default/headless-service"], []),
        ["000-multi-port-service"] = (["Service default/multi-port-service"], []),
        ["000-my-loadbalancer-service"] = (["Service default/my-loadbalancer-service"], []),
        ["000-my-nodeport-service"] = (["Service default/my-nodeport-service"], []),
        ["000-my-web-service"] = (["Service default/my-web-service"], []),
        ["000-nginx-deployment-and-services"] = (
            ["Service default/nginx-clusterip", "Service default/nginx-nodeport"],
            ["2: warning: Deployment default/nginx-deployment (apps/v1) is passed over: a load balancer has no use for objects of this kind"]),
        ["000-pod-with-probes"] = (["Pod default/"], [$"3: {NameRequired}"]),
        ["000-sticky-service"] = (["Service default/sticky-service"], []),
        ["000-topology-aware-service"] = (
            ["Service default/topology-aware-service"],
            ["""6: strict decoding error: unknown field "spec.topologyKeys" """, "5: spec.ports: Required value"]),
        ["001-my-service"] = (["Service default/my-service"], []),
        ["001-my-service-endpoints"] = (["Endpoints default/my-service"], [$"1: {EndpointsWarning}"]),
        ["001-my-service-external-ips"] = (["Service default/my-service"], [$"13: {ExternalIPsWarning}"]),
        ["001-my-service-external-name"] = (["Service prod/my-service"], []),
        ["001-my-service-load-balancer"] = (["Service default/my-service"], []),
        ["001-my-service-multi-port"] = (["Service default/my-service"], []),
        ["001-my-service-without-selector"] = (["Service default/my-service"], []),
        ["002-unindented-deployment"] = ([], ["1: warning: Deployment without a name (apps/v1) is passed over: a load balancer has no use for objects of this kind"]),
        ["002-unindented-fragment-affinity"] = ([], ["""1: Object 'Kind' is missing in '{"clientIP":null,"sessionAffinity":"ClientIP","sessionAffinityConfig":null,"spec":null,"timeoutSeconds":3600}'"""]),
        ["002-unindented-fragment-ports"] = ([], ["5: not valid YAML: While parsing a block mapping, did not find expected key"]),
        ["002-unindented-service"] = (
            ["Service default/"],
            [
                """4: strict decoding error: unknown field "name" """,
                """6: strict decoding error: unknown field "selector" """,
                """7: strict decoding error: unknown field "app" """,
                """8: strict decoding error: unknown field "ports" """,
                """10: strict decoding error: unknown field "targetPort" """,
                """11: strict decoding error: unknown field "type" """,
                $"3: {NameRequired}",
                "5: spec.ports: Required value",
            ]),
        ["004-externalname-baidu-misspelled"] = (
            ["Service default/externalname-baidu"],
            ["""9: strict decoding error: unknown field "spec.ExternalName" """, "7: spec.externalName: Required value"]),
        ["004-nginx-svc"] = (["Service default/nginx-svc"], []),
        ["004-nginx-svc-external-with-endpoints"] = (
            ["Service default/nginx-svc-external", "Endpoints default/nginx-svc-external"], [$"15: {EndpointsWarning}"]),
    };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "assets", "seeds");

    public static TheoryData<string> Files => [.. s_expected.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void SeedIsReadAsExpected(string name)
    {
        var file = Path.Combine(Folder, $"{name}.yaml");
        var (objects, messages) = s_expected[name];

        var set = new ManifestSource(new([file])).Load();

        Assert.Equal(objects, set.Objects.Select(o => $"{o.Kind} {o.Metadata.Key}"));
        Assert.Equal(messages.Select(m => m.Trim()), set.Diagnostics.Select(d => d.ToString()[(file.Length + 1)..]));
        Assert.Equal(set.HasErrors, set.Diagnostics.Any(d => d.Severity == Severity.Error));
    }

    [Fact]
    public void EverySeedHasAnExpectation() =>
        Assert.Equal(
            s_expected.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
}
