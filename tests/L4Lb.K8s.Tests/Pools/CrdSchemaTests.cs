using System.Text.RegularExpressions;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Schema;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Pools;

/// <summary>Holds the definition that API servers are given to what is read here: field by field, and value by value.</summary>
public sealed class CrdSchemaTests
{
    private static readonly MappingNode s_version = ReadVersion();
    private static readonly MappingNode s_schema = s_version.Object("schema").Object("openAPIV3Schema")!;

    // Whoever defines a resource does not describe metadata; the API server does.
    private static readonly string[] s_common = ["apiVersion", "kind", "metadata"];

    [Fact]
    public void Both_have_the_same_fields_of_the_same_types() =>
        Assert.Equal(
            Fields("", KindSchemas.AddressPool).Order(StringComparer.Ordinal),
            Fields("", s_schema).Order(StringComparer.Ordinal));

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        var spec = s_schema.Object("properties").Object("spec").Object("properties");
        var read = AddressPoolReader.Read((MappingNode)TreeReader.Read("spec: {addresses: [192.0.2.1]}")!);
        Assert.Equal(read.AutoAssign, spec.Object("autoAssign").Bool("default"));
        Assert.Equal(read.AvoidBuggyIPs, spec.Object("avoidBuggyIPs").Bool("default"));
    }

    [Fact]
    public void Columns_show_what_there_is()
    {
        var known = Fields("", s_schema).Select(static f => f.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var path in s_version.Objects("additionalPrinterColumns", static c => c.Text("jsonPath")!))
        {
            Assert.Contains(Regex.Replace(path, @"\[\?.*?\]", "[]"), known.Append(".metadata.creationTimestamp"));
        }
    }

    [Theory]
    [InlineData("192.0.2.0/24", true)]
    [InlineData("192.0.2.10-192.0.2.20", true)]
    [InlineData("192.0.2.10 - 192.0.2.20", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8::/64", true)]
    [InlineData("::", true)]
    [InlineData("2001:DB8::1-2001:db8::ffff", true)]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("", false)]
    [InlineData("example.com", false)]
    [InlineData("192.0.2.0/", false)]
    [InlineData("192.0.2.0/24/24", false)]
    [InlineData("192.0.2.1-", false)]
    [InlineData("192.0.2.1,192.0.2.2", false)]
    public void The_server_lets_every_range_in_and_keeps_out_what_clearly_is_none(string text, bool isRange)
    {
        var item = s_schema.Object("properties").Object("spec").Object("properties").Object("addresses").Object("items");
        Assert.Equal(isRange, AddressRange.TryParse(text, out _, out _));
        Assert.Equal(isRange, Regex.IsMatch(text, item.Text("pattern")!) && text.Length <= item.Int32("maxLength"));
    }

    [Fact]
    public void It_is_the_kind_that_is_asked_for()
    {
        var crd = (MappingNode)TreeReader.Read(File.ReadAllText(CrdPath))!;
        var spec = crd.Object("spec");
        var resource = K8s.Client.Resources.AddressPools;
        Assert.Equal(
            (resource.Group, resource.Version, resource.Plural, resource.IsNamespaced ? "Namespaced" : "Cluster"),
            (spec.Text("group")!, s_version.Text("name")!, spec.Object("names").Text("plural")!, spec.Text("scope")!));
        Assert.Equal($"{resource.Plural}.{resource.Group}", crd.Object("metadata").Text("name"));
        Assert.NotNull(s_version.Object("subresources").Object("status"));
    }

    private static string CrdPath => Path.Combine(RepositoryFolder.Root, "deploy/crd/addresspools.yaml");

    private static MappingNode ReadVersion()
    {
        var crd = (MappingNode)TreeReader.Read(File.ReadAllText(CrdPath))!;
        return Assert.Single(crd.Object("spec").Objects("versions", static v => v));
    }

    private static bool IsOurs(string path, string member) => path.Length > 0 || !s_common.Contains(member);

    private static IEnumerable<string> Fields(string path, FieldType type) => type switch
    {
        StructType mapping => [$"{path} object", .. mapping.Fields.Where(f => IsOurs(path, f.Key)).SelectMany(f => Fields($"{path}.{f.Key}", f.Value))],
        ListType list => [$"{path} array", .. Fields($"{path}[]", list.Item)],
        MapType map => [$"{path} map", .. Fields($"{path}{{}}", map.Value)],
        ScalarType { Shape: ScalarShape.Int32 } => [$"{path} integer int32"],
        ScalarType { Shape: ScalarShape.Int64 } => [$"{path} integer int64"],
        ScalarType { Shape: ScalarShape.Bool } => [$"{path} boolean"],
        ScalarType { Shape: ScalarShape.Time } => [$"{path} string date-time"],
        ScalarType { Shape: ScalarShape.Text } => [$"{path} string"],
        _ => throw new ArgumentException($"{path}: {type}", nameof(type)),
    };

    private static IEnumerable<string> Fields(string path, MappingNode schema)
    {
        switch (schema.Text("type"))
        {
            case "object" when schema.Object("additionalProperties") is { } value:
                return [$"{path} map", .. Fields($"{path}{{}}", value)];
            case "object":
                var members = schema.Object("properties")?.Entries ?? [];
                return [$"{path} object", .. members.Where(m => IsOurs(path, m.Key)).SelectMany(m => Fields($"{path}.{m.Key}", (MappingNode)m.Value))];
            case "array":
                return [$"{path} array", .. Fields($"{path}[]", schema.Object("items")!)];
            default:
                return [$"{path} {schema.Text("type")} {schema.Text("format")}".TrimEnd()];
        }
    }
}
