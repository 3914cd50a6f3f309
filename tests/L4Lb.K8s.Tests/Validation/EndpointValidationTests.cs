using L4Lb.K8s.Tests.Reading;

namespace L4Lb.K8s.Tests.Validation;

public sealed class EndpointValidationTests
{
    private const string Deprecated = "2: warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

    [Theory]
    [InlineData("addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hostname: a, nodeName: n1, zone: z, hints: {forZones: [{name: z}]}}]\nports: [{name: a, port: 80}, {name: b}]")]
    [InlineData("addressType: FQDN\nendpoints: [{addresses: [a.example.]}]")]
    [InlineData("addressType: IPv6\nendpoints: [{addresses: [\"fd00::1\"]}]")]
    [InlineData("endpoints: []", "1: addressType: Required value")]
    [InlineData("addressType: IP", "4: addressType: Unsupported value: \"IP\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")]
    [InlineData("addressType: IPv4\nendpoints: [{addresses: []}]", "5: endpoints[0].addresses: Required value: must contain at least 1 address")]
    [InlineData("addressType: IPv4\nendpoints:\n- addresses: [\"fd00::1\"]", "6: endpoints[0].addresses[0]: Invalid value: \"fd00::1\": must be a valid IPv4 address")]
    [InlineData("addressType: IPv6\nendpoints:\n- addresses: [x]", "6: endpoints[0].addresses[0]: Invalid value: \"x\": must be a valid IPv6 address", "6: endpoints[0].addresses[0]: Invalid value: \"x\": must be a valid IP address")]
    [InlineData("addressType: IPv4\nendpoints:\n- addresses: [224.0.0.1]", "6: endpoints[0].addresses[0]: Invalid value: \"224.0.0.1\": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")]
    [InlineData("addressType: IPv4\nendpoints:\n- addresses: [127.0.0.1]\n- addresses: [127.0.0.2]", "6: warning: endpoints[0].addresses[0]: the API server would refuse this (and 1 more like it): Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("addressType: FQDN\nendpoints: [{addresses: [localhost]}]", "5: warning: endpoints[0].addresses[0]: the API server would refuse this: Invalid value: \"localhost\": should be a domain with at least two segments separated by dots")]
    [InlineData("addressType: IPv4\nports: [{port: 80}, {port: 81}]", "5: ports[1].name: Duplicate value: \"\"")]
    [InlineData("addressType: IPv4\nports: [{port: 70000, protocol: X}]", "5: ports[0].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"", "5: ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: z}, {name: z}]}}]", "5: endpoints[0].hints.forZones[1].name: Duplicate value: \"z\"")]
    [InlineData("addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], weight: 3, topology: {a: b}}]", "5: strict decoding error: unknown field \"endpoints[0].weight\"", "5: strict decoding error: unknown field \"endpoints[0].topology\"")]
    public void SlicesAreCheckedAsTheApiServerChecksThem(string rest, params string[] messages) =>
        Assert.Equal(messages, Manifests.Messages($"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: web-1}}\n{rest}\n"));

    [Fact]
    public void ASliceHasAtMostAThousandEndpoints()
    {
        var endpoints = string.Concat(Enumerable.Range(0, 1001).Select(i => $"- addresses: [10.0.{i / 250}.{i % 250}]\n"));

        Assert.Equal(
            ["5: endpoints: Too many: 1001: must have at most 1000 items"],
            Manifests.Messages($"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: web-1}}\naddressType: IPv4\nendpoints:\n{endpoints}"));
    }

    [Theory]
    [InlineData("subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]", Deprecated)]
    [InlineData("subsets: [{ports: [{port: 80}]}]", "4: subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`", Deprecated)]
    [InlineData("subsets: [{notReadyAddresses: [{ip: x}], ports: [{port: 0}, {name: b, port: 1}]}]", "4: subsets[0].notReadyAddresses[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)", "4: subsets[0].ports[0].name: Required value", "4: subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", Deprecated)]
    [InlineData("subsets: [{addresses: [{ip: 127.0.0.1, hostname: A}]}]", "4: subsets[0].addresses[0].hostname: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')", "4: warning: subsets[0].addresses[0].ip: the API server would refuse this: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)", Deprecated)]
    public void EndpointsAreCheckedAsTheApiServerChecksThem(string rest, params string[] messages) =>
        Assert.Equal(messages, Manifests.Messages($"apiVersion: v1\nkind: Endpoints\nmetadata: {{name: web}}\n{rest}\n"));
}
