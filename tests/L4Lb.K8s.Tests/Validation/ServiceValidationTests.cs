using L4Lb.K8s.Tests.Reading;

namespace L4Lb.K8s.Tests.Validation;

public sealed class ServiceValidationTests
{
    private const string Range = "must be between 1 and 65535, inclusive";
    private const string Loopback = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
    private const string ExternalIPsWarning = "warning: spec.externalIPs is deprecated and may no longer be implemented in some clusters";

    [Theory]
    [InlineData("ports: [{port: 0, targetPort: 1}]", $"spec.ports[0].port: Invalid value: 0: {Range}")]
    [InlineData("ports: [{port: 80, targetPort: 70000}]", $"spec.ports[0].targetPort: Invalid value: 70000: {Range}")]
    [InlineData("ports: [{port: 80, protocol: tcp}]", "spec.ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("ports: [{port: 80}, {name: b, port: 81}]", "spec.ports[0].name: Required value")]
    [InlineData("ports: [{name: a, port: 80}, {name: a, port: 81}]", "spec.ports[1].name: Duplicate value: \"a\"")]
    [InlineData("ports: [{name: a, port: 80}, {name: b, port: 80}]", "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,\"NodePort\":0}")]
    [InlineData("type: NodePort\nports: [{name: a, port: 80, nodePort: 30000}, {name: b, port: 81, nodePort: 30000}]", "spec.ports[1].nodePort: Duplicate value: 30000")]
    [InlineData("ports: [{port: 80, nodePort: 30000}]", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("ports: [{port: 80, targetPort: way-too-long-a-name}]", "spec.ports[0].targetPort: Invalid value: \"way-too-long-a-name\": must be no more than 15 characters")]
    [InlineData("ports: [{port: 80, targetPort: \"8080\"}]", "spec.ports[0].targetPort: Invalid value: \"8080\": must contain at least one letter (a-z)")]
    [InlineData("selector: {app: web}", "spec.ports: Required value")]
    [InlineData("type: External", "spec.ports: Required value", "spec.type: Unsupported value: \"External\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("type: ExternalName\nexternalName: a.example.\nclusterIP: 10.0.0.1\nipFamilies: [IPv4]\nipFamilyPolicy: SingleStack", "spec.clusterIPs: Forbidden: may not be set for ExternalName services", "spec.ipFamilies: Forbidden: may not be set for ExternalName services", "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services")]
    [InlineData("type: LoadBalancer\nclusterIP: None\nports: [{port: 80}]", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services")]
    [InlineData("clusterIP: 10.0.0\nports: [{port: 80}]", "spec.clusterIPs[0]: Invalid value: \"10.0.0\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("clusterIP: 10.0.0.1\nclusterIPs: [10.0.0.2]\nports: [{port: 80}]", "spec.clusterIPs: Invalid value: [\"10.0.0.2\"]: first value must match `clusterIP`")]
    [InlineData("clusterIPs: [10.0.0.2]\nports: [{port: 80}]", "spec.clusterIPs: Invalid value: [\"10.0.0.2\"]: must be empty when `clusterIP` is not specified")]
    [InlineData("clusterIP: 10.0.0.1\nclusterIPs: [10.0.0.1, 10.0.0.2]\nports: [{port: 80}]", "spec.clusterIPs: Invalid value: [\"10.0.0.1\",\"10.0.0.2\"]: may specify no more than one IP for each IP family")]
    [InlineData("clusterIP: None\nclusterIPs: [None, 10.0.0.2]\nports: [{port: 80}]", "spec.clusterIPs: Invalid value: [\"None\",\"10.0.0.2\"]: 'None' must be the first and only value")]
    [InlineData("clusterIP: 10.0.0.1\nipFamilies: [IPv6]\nports: [{port: 80}]", "spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`")]
    [InlineData("ipFamilies: [IPv4, IPv4, IPX]\nipFamilyPolicy: Both\nports: [{port: 80}]", "spec.ipFamilies[1]: Duplicate value: \"IPv4\"", "spec.ipFamilies[2]: Unsupported value: \"IPX\": supported values: \"IPv4\", \"IPv6\"", "spec.ipFamilyPolicy: Unsupported value: \"Both\": supported values: \"PreferDualStack\", \"RequireDualStack\", \"SingleStack\"")]
    [InlineData("sessionAffinity: Cookie\nports: [{port: 80}]", "spec.sessionAffinity: Unsupported value: \"Cookie\": supported values: \"ClientIP\", \"None\"")]
    [InlineData("sessionAffinity: ClientIP\nsessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}\nports: [{port: 80}]", "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400")]
    [InlineData("externalIPs: [nowhere, 169.254.1.1, \"0.0.0.0\"]\nports: [{port: 80}]", "spec.externalIPs[0]: Invalid value: \"nowhere\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)", "spec.externalIPs[1]: Invalid value: \"169.254.1.1\": may not be in the link-local range (169.254.0.0/16, fe80::/10)", "spec.externalIPs[2]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)", ExternalIPsWarning)]
    [InlineData("externalIPs: [127.0.0.1]\nports: [{port: 80}]", $"warning: spec.externalIPs[0]: the API server would refuse this: Invalid value: \"127.0.0.1\": {Loopback}", ExternalIPsWarning)]
    [InlineData("loadBalancerSourceRanges: [10.0.0.0/8, here]\nports: [{port: 80}]", "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'", "spec.LoadBalancerSourceRanges[1]: Invalid value: \"here\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("type: LoadBalancer\nloadBalancerSourceRanges: [\" 10.0.0.1/8 \"]\nports: [{port: 80}]", "warning: spec.loadBalancerSourceRanges[0]: CIDR value \"10.0.0.1/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.0.0.1/32\"?)")]
    [InlineData("allocateLoadBalancerNodePorts: false\nloadBalancerClass: a\nports: [{port: 80}]", "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'", "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'")]
    [InlineData("externalTrafficPolicy: Local\nports: [{port: 80}]", "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services")]
    [InlineData("type: NodePort\nexternalTrafficPolicy: Near\ninternalTrafficPolicy: Far\nports: [{port: 80}]", "spec.externalTrafficPolicy: Unsupported value: \"Near\": supported values: \"Cluster\", \"Local\"", "spec.internalTrafficPolicy: Unsupported value: \"Far\": supported values: \"Cluster\", \"Local\"")]
    [InlineData("healthCheckNodePort: 30000\nports: [{port: 80}]", "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")]
    [InlineData("trafficDistribution: Random\nports: [{port: 80}]", "spec.trafficDistribution: Unsupported value: \"Random\": supported values: \"PreferClose\", \"PreferSameNode\", \"PreferSameZone\"")]
    [InlineData("trafficDistribution: PreferClose\nports: [{port: 80}]", "warning: spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"")]
    [InlineData("externalName: a.example\nports: [{port: 80}]", "warning: spec.externalName is ignored when spec.type is not \"ExternalName\"")]
    [InlineData("clusterIP: None\nexternalIPs: [80.1.1.1]\nloadBalancerIP: 80.1.1.1\nsessionAffinity: ClientIP", "warning: spec.loadBalancerIP is ignored for headless services", "warning: spec.externalIPs is ignored for headless services", "warning: spec.SessionAffinity is ignored for headless services")]
    [InlineData("type: LoadBalancer\nloadBalancerIP: auto\nports: [{port: 80}]", "warning: spec.loadBalancerIP: \"auto\" is not an IP address and cannot be served")]
    [InlineData("clusterIP: 010.0.0.1\nports: [{port: 80}]", "warning: spec.clusterIPs[0]: non-standard IP address \"010.0.0.1\" will be considered invalid in a future Kubernetes release: use \"10.0.0.1\"")]
    [InlineData("clusterIP: FD00::1\nports: [{port: 80}]", "warning: spec.clusterIPs[0]: IPv6 address \"FD00::1\" should be in RFC 5952 canonical format (\"fd00::1\")")]
    public void TheSpecIsCheckedAsTheApiServerChecksIt(string spec, params string[] messages) =>
        Assert.Equal(messages, Manifests.OfSpec(spec));

    [Theory]
    [InlineData("clusterIP: None")]
    [InlineData("ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]")]
    [InlineData("type: NodePort\nports: [{name: a, port: 53, nodePort: 30053}, {name: b, port: 53, protocol: UDP, nodePort: 30053}]")]
    [InlineData("clusterIP: 10.0.0.1\nclusterIPs: [10.0.0.1, \"fd00::1\"]\nipFamilies: [IPv4, IPv6]\nipFamilyPolicy: RequireDualStack\nports: [{port: 80, appProtocol: kubernetes.io/h2c}]")]
    [InlineData("type: LoadBalancer\nexternalTrafficPolicy: Local\nhealthCheckNodePort: 30000\nloadBalancerClass: l4lb.io/l4lb\nallocateLoadBalancerNodePorts: false\nports: [{port: 80}]")]
    public void GoodSpecsAreLetThrough(string spec) => Assert.Empty(Manifests.OfSpec(spec));

    [Theory]
    [InlineData("name: \"\"", "metadata.name: Required value: name or generateName is required")]
    [InlineData("name: My_Web", "metadata.name: Invalid value: \"My_Web\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("name: a.b", "metadata.name: Invalid value: \"a.b\": must not contain dots")]
    [InlineData("name: 1a", "warning: metadata.name: API servers before v1.37 would refuse this: Invalid value: \"1a\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("name: a\n  namespace: B", "metadata.namespace: Invalid value: \"B\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("name: a\n  labels: {a/b/c: d}", "metadata.labels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("name: a\n  labels: {/x: d}", "metadata.labels: Invalid value: \"/x\": prefix part must be non-empty")]
    [InlineData("name: a\n  annotations: {Example.COM/X: d}")]
    [InlineData("name: a\n  annotations: {service.kubernetes.io/topology-aware-hints: a, service.kubernetes.io/topology-mode: b}", "metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: \"b\": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified", "warning: annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead")]
    public void MetadataIsCheckedAsTheApiServerChecksIt(string metadata, params string[] messages)
    {
        var set = Manifests.Load($"apiVersion: v1\nkind: Service\nmetadata:\n  {metadata}\nspec: {{ports: [{{port: 80}}]}}");

        Assert.Equal(messages, set.Diagnostics.Select(d => (d with { File = "" }).ToString()));
    }
}
