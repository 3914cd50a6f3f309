using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Reading;

namespace L4Lb.K8s.Tests.Pools;

public sealed class AddressPoolReadingTests
{
    [Fact]
    public void Everything_is_read()
    {
        var set = Manifests.Load("""
            apiVersion: l4lb.io/v1alpha1
            kind: AddressPool
            metadata: {name: public, generation: 3}
            spec:
              addresses: [192.0.2.0/24, "2001:db8::1-2001:db8::9"]
              autoAssign: false
              avoidBuggyIPs: true
              serviceAllocation:
                priority: 5
                namespaces: [team-a]
                namespaceSelectors: [{matchLabels: {tier: gold}}]
                serviceSelectors:
                - matchExpressions: [{key: app, operator: NotIn, values: [a, b]}, {key: x, operator: Exists}]
            status:
              assignedIPv4: 2
              availableIPv6: 9223372036854775807
              conditions: [{type: Ready, status: "True", reason: Usable, message: "", lastTransitionTime: "2026-01-02T03:04:05Z", observedGeneration: 3}]
            """);

        Assert.Empty(set.Diagnostics);
        var pool = Assert.IsType<AddressPool>(Assert.Single(set.Objects));
        Assert.Equal(("", 3L), (pool.Metadata.Namespace, pool.Metadata.Generation));
        Assert.Equal(["192.0.2.0/24", "2001:db8::1-2001:db8::9"], pool.Addresses);
        Assert.Equal((false, true), (pool.AutoAssign, pool.AvoidBuggyIPs));
        Assert.Equal(
            new PoolUsers
            {
                Priority = 5,
                Namespaces = ["team-a"],
                NamespaceSelectors = [new() { Requirements = [new("tier", LabelOperator.In, ["gold"])] }],
                ServiceSelectors = [new() { Requirements = [new("app", LabelOperator.NotIn, ["a", "b"]), new("x", LabelOperator.Exists, [])] }],
            },
            pool.Users);
        Assert.Equal(
            new PoolStatus
            {
                AssignedIPv4 = 2,
                AvailableIPv6 = long.MaxValue,
                Conditions =
                [
                    new("Ready", "True", "Usable", "")
                    {
                        ObservedGeneration = 3, LastTransitionTime = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                    },
                ],
            },
            pool.Status);
    }

    [Theory]
    [InlineData("{}", "4: spec.addresses: Required value: at least one range")]
    [InlineData("{address: [192.0.2.1]}", "4: strict decoding error: unknown field \"spec.address\"", "4: spec.addresses: Required value: at least one range")]
    [InlineData("{addresses: 192.0.2.1}", "4: spec.addresses: json: cannot unmarshal string into Go struct field AddressPoolSpec.spec.addresses of type []string")]
    [InlineData("{addresses: [192.0.2.300]}", "4: spec.addresses[0]: Invalid value: \"192.0.2.300\": must be 192.0.2.0/24, 192.0.2.10-192.0.2.20 or an address, of IPv4 or IPv6")]
    [InlineData("{addresses: [192.0.2.0/24, 192.0.2.7]}", "4: spec.addresses[1]: Invalid value: \"192.0.2.7\": overlaps 192.0.2.0-192.0.2.255 of the same pool")]
    [InlineData("{addresses: [\"::\", \"::\"]}", "4: spec.addresses[1]: Invalid value: \"::\": overlaps :: of the same pool")]
    [InlineData("{addresses: [192.0.2.1], serviceAllocation: {priority: -1}}", "4: spec.serviceAllocation.priority: Invalid value: -1: must be greater than or equal to 0; 0 comes last")]
    [InlineData("{addresses: [192.0.2.1], serviceAllocation: {serviceSelectors: [{matchExpressions: [{key: a, operator: In}]}]}}", "4: spec.serviceAllocation.serviceSelectors[0]: Required value: values of a must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("{addresses: [192.0.2.1], serviceAllocation: {serviceSelectors: [{matchExpressions: [{key: a, operator: Exists, values: [b]}]}]}}", "4: spec.serviceAllocation.serviceSelectors[0]: Forbidden: values of a may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    [InlineData("{addresses: [192.0.2.1], serviceAllocation: {namespaceSelectors: [{matchExpressions: [{key: a, operator: Has}]}]}}", "4: spec.serviceAllocation.namespaceSelectors[0]: Invalid value: \"a\": not a valid label selector operator; supported values: \"DoesNotExist\", \"Exists\", \"In\", \"NotIn\"")]
    public void What_is_wrong_is_said_at_its_place(string spec, params string[] expected) =>
        Assert.Equal(expected, Manifests.Messages($"apiVersion: l4lb.io/v1alpha1\nkind: AddressPool\nmetadata: {{name: a}}\nspec: {spec}"));

    [Fact]
    public void A_pool_has_no_namespace_and_a_proper_name()
    {
        var messages = Manifests.Messages("apiVersion: l4lb.io/v1alpha1\nkind: AddressPool\nmetadata: {name: A_b, namespace: x}\nspec: {addresses: [192.0.2.1]}");
        Assert.Equal(2, messages.Length);
        Assert.StartsWith("3: metadata.name: Invalid value: \"A_b\"", messages[0], StringComparison.Ordinal);
        Assert.Equal("3: metadata.namespace: Forbidden: not allowed on this type", messages[1]);
    }
}
