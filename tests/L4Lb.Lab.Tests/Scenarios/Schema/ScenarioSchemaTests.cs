using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using L4Lb.Engine.Scheduling;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Tests.Scenarios.Schema;

/// <summary>
/// The schema and the reader judge the same documents: shipped scenarios, examples with every field, and what comes of these
/// when one thing is changed. What fields have to do with each other is the reader's; all else must be in both.
/// </summary>
public sealed partial class ScenarioSchemaTests
{
    private const string NoName = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

    private static readonly JsonSchema s_schema = new(JsonNode.Parse(ScenarioSchema.Text)!.AsObject());

    [Fact]
    public void WhatIsShippedAndEveryExampleIsGoodForBoth() => Assert.All(Documents.All, static document =>
    {
        Assert.Empty(s_schema.Judge(document).Problems);
        Assert.Empty(Documents.Read(document).Diagnostics);
    });

    [Fact]
    public void TheExamplesHaveEveryFieldOfTheSchema()
    {
        var held = Documents.Examples.SelectMany(static e => s_schema.Judge(e).Applied).Select(static a => a.Schema.GetPath()).ToHashSet();
        Assert.All(Fields(s_schema.Root), field => Assert.Contains(field.Schema.GetPath(), held));
    }

    /// <summary>The reader says which fields it knows, when one is there that it does not.</summary>
    [Fact]
    public void BothKnowTheSameFields()
    {
        var compared = 0;
        foreach (var document in Documents.Examples)
        {
            var verdict = s_schema.Judge(document);
            foreach (var place in Place.Of(document).Where(place => place.In(document) is JsonObject && !IsAnnotations(place)))
            {
                var closed = verdict.Applied.Single(a => a.Path == place.Path && a.Schema["additionalProperties"] is JsonValue).Schema;
                var copy = document.DeepClone();
                place.In(copy)![NoName] = 1;

                Assert.Equal(closed["properties"]!.AsObject().Select(static p => p.Key).Order(StringComparer.Ordinal), Expected(copy, Place.PathOf(place.Path, NoName)));
                Assert.False(s_schema.Judge(copy).IsGood);
                compared++;
            }
        }

        Assert.InRange(compared, 50, int.MaxValue);
    }

    [Fact]
    public void BothKnowTheSameWords()
    {
        var compared = new HashSet<string>();
        foreach (var document in Documents.Examples)
        {
            var verdict = s_schema.Judge(document);
            foreach (var place in Place.Of(document))
            {
                foreach (var schema in verdict.Applied.Where(a => a.Path == place.Path).Select(static a => a.Schema).Where(static s => s["enum"] is not null))
                {
                    var words = schema["enum"]!.AsArray().Select(static w => w!.GetValue<string>()).Order(StringComparer.Ordinal);
                    Assert.Equal(words, Expected(place.Set(document, NoName), place.Path));
                    compared.Add(schema.GetPath());
                }
            }
        }

        // Arrivals, distributions, faults, ways, affinity, schedulers.
        Assert.Equal(6, compared.Count(static path => !path.Contains("['if']") && !path.Contains(".if.")));
    }

    /// <summary>A number at its bound is good for both, and one beyond it for neither.</summary>
    [Fact]
    public void BothHaveTheSameBounds()
    {
        var compared = new HashSet<string>();
        foreach (var document in Documents.Examples)
        {
            var verdict = s_schema.Judge(document);
            foreach (var place in Place.Of(document).Where(place => place.In(document)?.GetValueKind() == JsonValueKind.Number))
            {
                var schema = verdict.Applied.Single(a => a.Path == place.Path && a.Schema["minimum"] is not null).Schema;
                foreach (var (bound, beyond) in Bounds(schema))
                {
                    Assert.DoesNotContain(Documents.Read(place.Set(document, Number(bound))).Diagnostics, d => d.Path == place.Path && IsLocal(d));
                    Assert.Contains(Documents.Read(place.Set(document, Number(beyond))).Diagnostics, d => d.Path == place.Path);
                    Assert.True(s_schema.Judge(place.Set(document, Number(bound))).IsGood, $"{place.Path} {bound}");
                    Assert.False(s_schema.Judge(place.Set(document, Number(beyond))).IsGood, $"{place.Path} {beyond}");
                    compared.Add($"{schema.GetPath()} {bound}");
                }
            }
        }

        Assert.InRange(compared.Count, 50, int.MaxValue);
    }

    /// <summary>What the schema says is the default changes nothing when it is written down.</summary>
    [Fact]
    public void DefaultsAreThoseOfTheReader()
    {
        var compared = new HashSet<string>();
        foreach (var document in Documents.All)
        {
            foreach (var (path, schema) in s_schema.Judge(document).Applied.Where(static a => a.Schema["default"] is not null))
            {
                var place = Place.Of(document).Single(place => place.Path == path);
                if (path == "spec.duration" && document["spec"]!["arrivals"]!["log"] is not null)
                {
                    // As many requests as the log has, however long that is.
                    continue;
                }

                var (without, written) = (Documents.Read(place.Remove(document)), Documents.Read(place.Set(document, schema["default"]!.DeepClone())));
                if (without.Scenario is { } scenario)
                {
                    Assert.Equal(scenario with { Source = "" }, written.Scenario! with { Source = "" });
                    compared.Add(schema.GetPath());
                }
            }
        }

        Assert.All(Fields(s_schema.Root).Select(static f => f.Schema).Where(static s => s["default"] is not null), s => Assert.Contains(s.GetPath(), compared));
    }

    [Fact]
    public void WhatTheSchemaRefusesTheReaderRefusesAndOfOneFieldTheOtherWayRoundToo()
    {
        JsonNode?[] values =
        [
            NoName, "", "0", "1", "-1s", "0s", "1s", "1", "1 s", "s", "1d", ".5s", "1.s", "1h30m", "rr", "rr,", "ClientIP", "web", true, false,
            -1, 0, 1, 2, 1.5, 1e300, -1e300, 4294967296, new JsonArray(), new JsonArray(1, 1), new JsonArray("rr", "rr"),
            new JsonArray((JsonNode?)null), new JsonObject(), new JsonArray(new JsonObject()),
        ];
        var (refused, agreed, readerAlone) = (0, 0, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var document in Documents.All)
        {
            foreach (var place in Place.Of(document).Where(static place => place.Steps.Count > 0))
            {
                foreach (var value in values)
                {
                    Hold(place.Set(document, value?.DeepClone()), place.Path);
                }

                if (place.IsField)
                {
                    Hold(place.Remove(document), place.Path);
                    Hold(place.Rename(document, $"{place.Steps[^1]}s"), $"{place.Path}s");
                }
            }
        }

        Assert.InRange(refused, 10_000, int.MaxValue);
        Assert.InRange(agreed, 1000, int.MaxValue);
        Assert.Equal(
            [
                "spec.backends[].name: required: the group's name",
                "spec.balancers.subset: expected a whole number from 1 to 14",
                "spec.faults[].group: required: the group of backends",
            ],
            readerAlone);

        void Hold(JsonNode changed, string path)
        {
            var (reading, verdict) = (Documents.Read(changed), s_schema.Judge(changed));
            if (!verdict.IsGood)
            {
                refused++;
                if (reading.Scenario is not null)
                {
                    Assert.Fail($"only the schema refuses {path}: {string.Join('\n', verdict.Problems)}\n{changed}");
                }
            }
            else if (reading.Diagnostics.FirstOrDefault(d => d.Path == path && IsLocal(d)) is { } local)
            {
                readerAlone.Add($"{Index().Replace(local.Path, "[]")}: {local.Message}");
            }
            else
            {
                agreed++;
            }
        }
    }

    /// <summary>While it is being written a field has no value yet: the reader takes it as absent, an editor says so.</summary>
    [Fact]
    public void OnlyTheSchemaMindsAFieldWithoutAValue()
    {
        var empty = Documents.Parse(Documents.Examples[0].ToJsonString());
        empty["spec"]!["clients"] = null;

        Assert.Empty(Documents.Read(empty).Diagnostics);
        Assert.StartsWith("spec.clients: ", Assert.Single(s_schema.Judge(empty).Problems.Distinct()));
    }

    [Theory]
    [InlineData("{duration: 20s, requests: 100}")]
    [InlineData("{requests: 100, arrivals: {kind: closed, users: 5}}")]
    [InlineData("{clients: {count: 5}, arrivals: {kind: log, log: access.log}}")]
    [InlineData("{arrivals: {rate: 5, load: 0.5}}")]
    [InlineData("{arrivals: {kind: even, rate: 5, load: 0.5}}")]
    [InlineData("{arrivals: {kind: bursts, rate: 5, load: 0.5}}")]
    [InlineData("{arrivals: {kind: diurnal, rate: 5, load: 0.5}}")]
    [InlineData("{arrivals: {kind: log, log: access.log, rate: 5, load: 0.5}}")]
    public void WhatExcludesEachOtherIsRefusedByBoth(string fields)
    {
        var document = Documents.Parse("""
            {apiVersion: l4lb.io/v1alpha1, kind: Scenario, metadata: {name: both},
             spec: {schedulers: [rr], backends: [{work: 10ms}], arrivals: {load: 0.5}}}
            """);
        foreach (var (name, value) in Documents.Parse(fields))
        {
            document["spec"]![name] = value!.DeepClone();
        }

        Assert.Single(Documents.Read(document).Diagnostics);
        Assert.False(s_schema.Judge(document).IsGood);
    }

    [Theory]
    [InlineData("schedulers", "the schedulers to compare")]
    [InlineData("backends", "the groups of backends")]
    public void AnEmptyListIsRefusedWithTheReason(string field, string what)
    {
        var empty = Documents.Parse(Documents.Examples[0].ToJsonString());
        empty["spec"]![field] = new JsonArray();

        Assert.Contains($"x:1: spec.{field}: is empty: {what}", Documents.Read(empty).Diagnostics.Select(static d => $"{d}"));
        Assert.False(s_schema.Judge(empty).IsGood);
    }

    /// <summary>Annotations that the schema names are those that have an effect in the lab; the reader says of the others that they have none.</summary>
    [Fact]
    public void AnnotationsAreThoseThatHaveAnEffect()
    {
        var annotations = Fields(s_schema.Root).Select(static f => f.Name).Where(static name => name.StartsWith(AnnotationNames.Prefix, StringComparison.Ordinal));
        var effective = AnnotationNames.OnService.Where(static name =>
        {
            var document = Documents.Parse(Documents.Examples[0].ToJsonString());
            document["spec"]!["service"]!["annotations"] = new JsonObject { [name] = "1" };
            return !Documents.Read(document).Diagnostics.Any(static d => d.Message.Contains("no effect in the lab") || d.Message.Contains("spec.schedulers"));
        });

        Assert.Equal(effective.Order(StringComparer.Ordinal), annotations.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SchedulersAreThoseOfTheCatalogWithParametersToo()
    {
        var (names, pattern) = (s_schema.Resolve("#/$defs/scheduler")["anyOf"]![0]!["enum"]!, s_schema.Resolve("#/$defs/scheduler")["anyOf"]![1]!["pattern"]!);

        Assert.Equal(SchedulerCatalog.Names, names.AsArray().Select(static n => n!.GetValue<string>()));
        Assert.Contains($"({string.Join('|', SchedulerCatalog.Names)})", pattern.GetValue<string>());
    }

    [Fact]
    public void EveryFieldIsDescribedWithItsBoundsAndDefault() => Assert.All(Fields(s_schema.Root), static field =>
    {
        var description = field.Schema["description"]?.GetValue<string>() ?? s_schema.Resolve(field.Schema["$ref"]!.GetValue<string>())["description"]!.GetValue<string>();

        Assert.EndsWith(".", description);
        Assert.All(Stated(field.Schema), stated => Assert.Contains(stated, description));
    });

    /// <summary>Minimum, maximum and default, as people write them.</summary>
    internal static IEnumerable<string> Stated(JsonObject schema) =>
        from keyword in (string[])["minimum", "maximum", "default"]
        where schema[keyword] is JsonValue
        select schema[keyword]!.ToString();

    /// <summary>Every field that the schema describes, wherever it is; not those that it only allows there, or forbids.</summary>
    internal static IEnumerable<(string Name, JsonObject Schema)> Fields(JsonNode? node) => node switch
    {
        JsonObject o => o.Where(static e => e.Key is not "if").SelectMany(static e => e is { Key: "properties", Value: JsonObject properties }
            ? properties.Where(static p => p.Value is JsonObject).SelectMany(static p => Fields(p.Value).Prepend((p.Key, p.Value!.AsObject())))
            : Fields(e.Value)),
        JsonArray a => a.SelectMany(Fields),
        _ => [],
    };

    private static bool IsAnnotations(Place place) => place.Path.EndsWith(".annotations", StringComparison.Ordinal);

    // About the value itself rather than what it has to do with others.
    private static bool IsLocal(Diagnostic diagnostic) =>
        (diagnostic.Message.StartsWith("expected ", StringComparison.Ordinal) || diagnostic.Message.StartsWith("unknown", StringComparison.Ordinal)
            || diagnostic.Message.StartsWith("required", StringComparison.Ordinal))
        && diagnostic.Severity == Severity.Error;

    private static IEnumerable<string> Expected(JsonNode document, string path)
    {
        var message = Assert.Single(Documents.Read(document).Diagnostics, d => d.Path == path).Message;
        return message[(message.IndexOf("expected ", StringComparison.Ordinal) + "expected ".Length)..].Split(", ");
    }

    private static IEnumerable<(decimal Bound, decimal Beyond)> Bounds(JsonObject schema)
    {
        foreach (var (keyword, sign) in ((string, int)[])[("minimum", -1), ("maximum", 1)])
        {
            if (schema[keyword] is { } node && decimal.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) is var bound && bound < ulong.MaxValue)
            {
                yield return (bound, bound + (schema["type"]!.ToJsonString().Contains("integer") ? sign : sign * 0.0001m));
            }
        }
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();

    private static JsonNode Number(decimal number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!;
}
