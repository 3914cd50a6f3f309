using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace L4Lb.Lab.Tests.Scenarios.Schema;

/// <summary>What a schema says of a value.</summary>
internal sealed class SchemaVerdict
{
    /// <summary>What it refuses, each as <c>path: message</c>.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>The schemas that were held to each path, those that only asked (<c>if</c>, <c>not</c>) left out.</summary>
    internal List<(string Path, JsonObject Schema)> Applied { get; } = [];

    internal bool IsGood => Problems.Count == 0;
}

/// <summary>
/// As much of JSON Schema (draft 2020-12) as our schema uses; any other keyword is an error rather than passed over. Paths
/// are as the scenario reader writes them: <c>spec.backends[0].work</c>.
/// </summary>
internal sealed class JsonSchema(JsonObject root)
{
    internal JsonObject Root => root;

    /// <summary>What it says of <paramref name="value"/>.</summary>
    internal SchemaVerdict Judge(JsonNode? value) => Judge(root, value, "");

    /// <summary>The schema that a <c>$ref</c> names.</summary>
    internal JsonObject Resolve(string reference) => reference.StartsWith("#/", StringComparison.Ordinal)
        ? reference[2..].Split('/').Aggregate(root, static (at, name) => at[name]!.AsObject())
        : throw new NotSupportedException(reference);

    private SchemaVerdict Judge(JsonNode schema, JsonNode? value, string path)
    {
        var verdict = new SchemaVerdict();
        Judge(schema, value, path, verdict);
        return verdict;
    }

    private void Judge(JsonNode schema, JsonNode? value, string path, SchemaVerdict verdict)
    {
        if (schema is JsonObject keywords)
        {
            verdict.Applied.Add((path, keywords));
            foreach (var (keyword, operand) in keywords)
            {
                Judge(keywords, keyword, operand!, value, path, verdict);
            }
        }
        else if (!schema.GetValue<bool>())
        {
            verdict.Problems.Add($"{path}: is not allowed");
        }
    }

    private void Judge(JsonObject schema, string keyword, JsonNode operand, JsonNode? value, string path, SchemaVerdict verdict)
    {
        switch (keyword)
        {
            case "$schema" or "$defs" or "title" or "description" or "default" or "then":
                break;
            case "$ref":
                Judge(Resolve(operand.GetValue<string>()), value, path, verdict);
                break;
            case "if" when Judge(operand, value, path).IsGood:
                Judge(schema["then"]!, value, path, verdict);
                break;
            case "if":
                break;
            case "allOf":
                foreach (var one in operand.AsArray())
                {
                    Judge(one!, value, path, verdict);
                }

                break;
            case "anyOf" or "oneOf":
                SchemaVerdict[] good = [.. operand.AsArray().Select(one => Judge(one!, value, path)).Where(static one => one.IsGood)];
                verdict.Applied.AddRange(good.SelectMany(static one => one.Applied));
                Say(good.Length == 1 || (good.Length > 1 && keyword == "anyOf"));
                break;
            case "not":
                Say(!Judge(operand, value, path).IsGood);
                break;
            case "properties" or "additionalProperties":
                foreach (var (name, below) in value as JsonObject ?? [])
                {
                    var named = schema["properties"]?[name];
                    if ((keyword == "properties" ? named : named is null ? operand : null) is { } held)
                    {
                        Judge(held, below, Place.PathOf(path, name), verdict);
                    }
                }

                break;
            case "items":
                foreach (var (index, item) in (value as JsonArray ?? []).Index())
                {
                    Judge(operand, item, $"{path}[{index}]", verdict);
                }

                break;
            default:
                Say(IsGood(keyword, operand, value));
                break;
        }

        void Say(bool isGood)
        {
            if (!isGood)
            {
                verdict.Problems.Add($"{path}: is not {keyword} {operand.ToJsonString()}");
            }
        }
    }

    private static bool IsGood(string keyword, JsonNode operand, JsonNode? value) => keyword switch
    {
        "type" => (operand as JsonArray)?.Any(one => IsOf(one!, value)) ?? IsOf(operand, value),
        "const" => JsonNode.DeepEquals(operand, value),
        "enum" => operand.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
        "required" => value is not JsonObject o || operand.AsArray().All(name => o.ContainsKey(name!.GetValue<string>())),
        "minItems" => value is not JsonArray list || list.Count >= operand.GetValue<int>(),
        "uniqueItems" => value is not JsonArray list
            || !list.Index().Any(item => list.Take(item.Index).Any(other => JsonNode.DeepEquals(item.Item, other))),
        "minLength" => Kind(value) != JsonValueKind.String || value!.GetValue<string>().Length >= operand.GetValue<int>(),
        "pattern" => Kind(value) != JsonValueKind.String
            || Regex.IsMatch(value!.GetValue<string>(), operand.GetValue<string>(), RegexOptions.ECMAScript),
        "minimum" => Kind(value) != JsonValueKind.Number || Number(value!) >= Number(operand),
        "maximum" => Kind(value) != JsonValueKind.Number || Number(value!) <= Number(operand),
        _ => throw new NotSupportedException($"the keyword {keyword}"),
    };

    private static bool IsOf(JsonNode type, JsonNode? value) => (type.GetValue<string>(), Kind(value)) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => Number(value!) == Math.Floor(Number(value!)),
        ("object" or "array" or "string" or "boolean" or "number" or "integer", _) => false,
        var (other, _) => throw new NotSupportedException($"the type {other}"),
    };

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static double Number(JsonNode value) =>
        double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
