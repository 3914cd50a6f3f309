namespace L4Lb.K8s.Tests.Reading;

/// <summary>Values of a wrong type, in the API server's words.</summary>
public sealed class DecodingTests
{
    [Theory]
    [InlineData("ports: [{port: \"80\"}]", "spec.ports[0].port", "string into Go struct field ServicePort.spec.ports.port of type int32")]
    [InlineData("ports: [{port: 80.5}]", "spec.ports[0].port", "number 80.5 into Go struct field ServicePort.spec.ports.port of type int32")]
    [InlineData("ports: [{port: 99999999999}]", "spec.ports[0].port", "number 99999999999 into Go struct field ServicePort.spec.ports.port of type int32")]
    [InlineData("ports: [{port: 80, protocol: 6}]", "spec.ports[0].protocol", "number into Go struct field ServicePort.spec.ports.protocol of type v1.Protocol")]
    [InlineData("ports: [{port: 80, targetPort: true}]", "spec.ports[0].targetPort", "bool into Go struct field ServicePort.spec.ports.targetPort of type int32")]
    [InlineData("ports: [80]", "spec.ports[0]", "number into Go struct field ServiceSpec.spec.ports of type v1.ServicePort")]
    [InlineData("ports: {port: 80}", "spec.ports", "object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort")]
    [InlineData("selector: [app]", "spec.selector", "array into Go struct field ServiceSpec.spec.selector of type map[string]string")]
    [InlineData("publishNotReadyAddresses: \"true\"", "spec.publishNotReadyAddresses", "string into Go struct field ServiceSpec.spec.publishNotReadyAddresses of type bool")]
    [InlineData("type: 1", "spec.type", "number into Go struct field ServiceSpec.spec.type of type v1.ServiceType")]
    public void WrongTypeIsSaidAsTheApiServerSaysIt(string spec, string path, string message) =>
        Assert.Equal([$"{path}: json: cannot unmarshal {message}"], Manifests.OfSpec(spec));

    [Fact]
    public void ASpecThatIsNoObjectIsSaidToo() =>
        Assert.Equal(
            ["4: spec: json: cannot unmarshal string into Go struct field Service.spec of type v1.ServiceSpec"],
            Manifests.Messages("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: none"));

    [Fact]
    public void ABadTimeIsSaid() =>
        Assert.Equal(
            ["""3: metadata.creationTimestamp: parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006" """.Trim()],
            Manifests.Messages("apiVersion: v1\nkind: Service\nmetadata: {name: web, creationTimestamp: soon}\nspec: {ports: [{port: 80}]}"));

    [Theory]
    [InlineData("apiVersion: v1\nkind: service", """1: no matches for kind "service" in version "v1"; did you mean Service? """)]
    [InlineData("apiVersion: v1\nkind: Srevice", """1: no matches for kind "Srevice" in version "v1"; did you mean Service? """)]
    [InlineData("apiVersion: v1\nkind: Pods", """1: no matches for kind "Pods" in version "v1"; did you mean Pod? """)]
    [InlineData("apiVersion: v2\nkind: Service", """1: no matches for kind "Service" in version "v2" """)]
    [InlineData("apiVersion: discovery.k8s.io/v1beta1\nkind: EndpointSlice", """1: no matches for kind "EndpointSlice" in version "discovery.k8s.io/v1beta1" """)]
    [InlineData("kind: Service", """1: Object 'apiVersion' is missing in '{"kind":"Service"}'""")]
    [InlineData("apiVersion: v1", """1: Object 'Kind' is missing in '{"apiVersion":"v1"}'""")]
    [InlineData("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a, namespace: b}", "1: warning: Service b/a (serving.knative.dev/v1) is passed over: a load balancer has no use for objects of this kind")]
    [InlineData("apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: a}", "1: warning: IPAddressPool default/a (metallb.io/v1beta1) is passed over: an AddressPool of l4lb.io/v1alpha1, which has no namespace, has the same fields")]
    [InlineData("apiVersion: l4lb.io/v1beta1\nkind: AddressPool", """1: no matches for kind "AddressPool" in version "l4lb.io/v1beta1" """)]
    public void KindsAreToldApart(string text, string message) => Assert.Equal([message.Trim()], Manifests.Messages(text));

    [Fact]
    public void PodNodeAndNamespaceMayHaveFieldsThatAreNotKnownHere()
    {
        var set = Manifests.Load("""
            apiVersion: v1
            kind: Pod
            metadata: {name: pod, labels: {app: web}}
            spec:
              nodeName: n1
              anything: {goes: [here]}
              containers: [{name: a, image: b, ports: [{name: http, containerPort: 8080}]}]
              initContainers: [{name: c, ports: [{containerPort: 1}]}, {name: d, restartPolicy: Always, ports: [{containerPort: 9090, protocol: UDP}]}]
            status:
              phase: Running
              podIP: 10.0.0.1
              conditions: [{type: Ready, status: "True"}]
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n1, labels: {topology.kubernetes.io/zone: z}}
            spec: {podCIDR: 10.0.0.0/24}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: prod}
            """);

        Assert.Empty(set.Diagnostics);
        var pod = Assert.IsType<K8s.Objects.Pod>(set.Objects[0]);
        Assert.Equal(["10.0.0.1"], pod.PodIPs);
        Assert.True(pod.Ready);
        Assert.Equal([new("http", "TCP", 8080), new("", "UDP", 9090)], pod.Ports);
        Assert.Equal("prod", set.Objects[2].Metadata.Labels["kubernetes.io/metadata.name"]);
    }
}
