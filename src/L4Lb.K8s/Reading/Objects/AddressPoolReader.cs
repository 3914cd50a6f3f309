using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Objects;

/// <summary>Makes an AddressPool of its tree. What is not there is as the CRD defaults it.</summary>
internal static class AddressPoolReader
{
    /// <summary>The AddressPool in <paramref name="root"/>.</summary>
    public static AddressPool Read(MappingNode root)
    {
        var spec = root.Object("spec");
        return new()
        {
            Metadata = ObjectReader.ReadMetadata(root, isNamespaced: false),
            Addresses = spec.Texts("addresses"),
            AutoAssign = spec.Bool("autoAssign") ?? true,
            AvoidBuggyIPs = spec.Bool("avoidBuggyIPs") ?? false,
            Users = spec.Object("serviceAllocation") is { } users ? ReadUsers(users) : null,
            Status = root.Object("status") is { } status ? ReadStatus(status) : null,
        };
    }

    private static PoolUsers ReadUsers(MappingNode users) => new()
    {
        Priority = users.Int32("priority") ?? 0,
        Namespaces = users.Texts("namespaces"),
        NamespaceSelectors = users.Objects("namespaceSelectors", ReadSelector),
        ServiceSelectors = users.Objects("serviceSelectors", ReadSelector),
    };

    private static LabelSelector ReadSelector(MappingNode selector) => new()
    {
        Requirements = selector.TextMap("matchLabels")
            .Select(static label => new LabelRequirement(label.Key, LabelOperator.In, [label.Value]))
            .Concat(selector.Objects("matchExpressions", ReadRequirement))
            .ToEquatableArray(),
    };

    private static LabelRequirement ReadRequirement(MappingNode expression) =>
        new(expression.Text("key") ?? "", ReadOperator(expression.Text("operator")), expression.Texts("values"));

    private static LabelOperator ReadOperator(string? text) => text switch
    {
        "In" => LabelOperator.In,
        "NotIn" => LabelOperator.NotIn,
        "Exists" => LabelOperator.Exists,
        "DoesNotExist" => LabelOperator.DoesNotExist,
        _ => LabelOperator.Unknown,
    };

    private static PoolStatus ReadStatus(MappingNode status) => new()
    {
        AssignedIPv4 = status.Int64("assignedIPv4") ?? 0,
        AvailableIPv4 = status.Int64("availableIPv4") ?? 0,
        AssignedIPv6 = status.Int64("assignedIPv6") ?? 0,
        AvailableIPv6 = status.Int64("availableIPv6") ?? 0,
        Conditions = status.Objects("conditions", ObjectReader.ReadCondition),
    };
}
