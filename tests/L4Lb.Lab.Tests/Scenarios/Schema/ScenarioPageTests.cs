using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using L4Lb.Lab.Scenarios;
using L4Lb.Testing;

namespace L4Lb.Lab.Tests.Scenarios.Schema;

/// <summary>Holds docs/scenarios.md to the schema, field by field, and its examples to the reader.</summary>
public sealed partial class ScenarioPageTests
{
    private static readonly JsonSchema s_schema = new(JsonNode.Parse(ScenarioSchema.Text)!.AsObject());
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs/scenarios.md"));

    public static TheoryData<string> Examples { get; } = [.. Yaml().Matches(s_page).Select(static m => m.Groups["text"].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void ExamplesAreGood(string example)
    {
        if (example == "# yaml-language-server: $schema=./scenario.schema.json\n")
        {
            return;
        }

        var document = Documents.Parse(example);
        if (document["spec"] is null)
        {
            // A part of a spec, whose other fields are those of a small one. Five backends are enough for every fault.
            var whole = Documents.Parse("""
                {apiVersion: l4lb.io/v1alpha1, kind: Scenario, metadata: {name: part},
                 spec: {schedulers: [rr], backends: [{count: 5, work: 10ms}], arrivals: {load: 0.5}}}
                """);
            foreach (var (name, value) in document)
            {
                whole["spec"]![name] = value!.DeepClone();
            }

            document = whole;
        }

        Assert.Empty(Documents.Read(document).Diagnostics);
        Assert.Empty(s_schema.Judge(document).Problems);
    }

    [Theory]
    [InlineData("Backends", "backends")]
    [InlineData("Clients", "clients")]
    [InlineData("Balancers", "balancers")]
    [InlineData("Service", "service")]
    [InlineData("Top level", "spec")]
    public void EveryFieldHasARowAndEveryRowAField(string section, string definition)
    {
        var rows = Rows(section, 4).Where(static row => row[0] is not ("apiVersion" or "kind" or "metadata.name" or "spec"));
        Hold(Fields(s_schema.Resolve($"#/$defs/{definition}")), [.. rows.Select(static row => (row[0], row[2], row[3]))]);
    }

    [Fact]
    public void TheTopLevelHasItsRows() => Assert.Equal(["apiVersion", "kind", "metadata.name", "spec"], Rows("Top level", 4).Take(4).Select(static row => row[0]));

    [Theory]
    [InlineData("Distributions", "time", "distribution")]
    [InlineData("Arrivals", "arrivals", "kind")]
    [InlineData("Faults", "fault", "kind")]
    public void EveryFieldOfEachKindHasARowAndEveryRowAField(string section, string definition, string discriminator)
    {
        var schema = s_schema.Resolve($"#/$defs/{definition}");
        var common = schema["properties"]!.AsObject();
        var words = common[discriminator]!["enum"]!.AsArray().Select(static w => w!.GetValue<string>()).ToArray();
        Assert.All(words, word => Assert.Contains($"`{word}`", Section(section)));

        var rows = Rows(section, 5).ToArray();
        Assert.All(rows.SelectMany(static row => row[1].Split(", ")), of => Assert.Contains(of, words.Append("all")));
        foreach (var word in words)
        {
            var branch = s_schema.Resolve(schema["allOf"]!.AsArray().Single(one => Is(one!["if"]!["properties"]![discriminator]!, word))!["then"]!["$ref"]!.GetValue<string>());
            var fields = branch["properties"]!.AsObject()
                .Select(field => (field.Key, (field.Value as JsonObject ?? common[field.Key]!).AsObject()));
            Hold(fields, [.. rows.Where(row => row[1] == "all" || row[1].Split(", ").Contains(word)).Select(static row => (row[0], row[3], row[4]))]);
        }
    }

    [Fact]
    public void AnnotationsAreThoseOfTheSchema() => Assert.Equal(
        s_schema.Resolve("#/$defs/service")["properties"]!["annotations"]!["properties"]!.AsObject().Where(static p => p.Value is JsonObject).Select(static p => p.Key).Order(StringComparer.Ordinal),
        Annotation().Matches(Section("Service").Split("Of other annotations")[0]).Select(static m => m.Value).Order(StringComparer.Ordinal));

    /// <summary>The same fields, each with its default in one column and its bounds in the other.</summary>
    private static void Hold(IEnumerable<(string Name, JsonObject Schema)> fields, IReadOnlyList<(string Name, string Default, string Range)> rows)
    {
        Assert.Equal(fields.Select(static f => f.Name).Order(StringComparer.Ordinal), rows.Select(static r => r.Name).Order(StringComparer.Ordinal));
        foreach (var (name, schema) in fields)
        {
            var (_, standard, range) = rows.Single(row => row.Name == name);
            var target = schema["$ref"] is { } reference && schema["description"] is null ? s_schema.Resolve(reference.GetValue<string>()) : schema;
            Assert.All((string[])["minimum", "maximum"], keyword =>
                Assert.Contains(target[keyword] is JsonValue bound ? bound.ToString() : "", range.Replace(",", "")));
            Assert.Contains(target["default"] is JsonValue value ? value.ToString() : "", standard);
        }
    }

    // Fields and, with dots, those below them.
    private static IEnumerable<(string Name, JsonObject Schema)> Fields(JsonObject schema) => schema["properties"]!.AsObject()
        .Where(static p => p.Value is JsonObject).SelectMany(static p => p.Value!["properties"] is JsonObject && p.Key != "annotations"
            ? Fields(p.Value.AsObject()).Select(below => ($"{p.Key}.{below.Name}", below.Schema)).Prepend((p.Key, p.Value.AsObject()))
            : [(p.Key, p.Value.AsObject())]);

    private static bool Is(JsonNode asked, string word) =>
        asked["const"]?.GetValue<string>() == word || asked["enum"]?.AsArray().Any(w => w!.GetValue<string>() == word) == true;

    private static string Section(string title) => $"\n{s_page}\n## ".Split($"\n## {title}\n")[1].Split("\n## ")[0];

    /// <summary>The rows of the tables of so many columns, the first without its backticks.</summary>
    private static IEnumerable<string[]> Rows(string section, int columns) =>
        from line in Section(section).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == columns
        select (string[])[cells[0].Trim('`'), .. cells[1..]];

    [GeneratedRegex(@"^```yaml\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Yaml();

    [GeneratedRegex("l4lb\\.io/[a-z0-9-]+(?=`)")]
    private static partial Regex Annotation();
}
