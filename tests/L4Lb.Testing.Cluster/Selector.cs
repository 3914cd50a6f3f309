using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace L4Lb.Testing.Cluster;

/// <summary>Which objects a list or a watch wants, by labels and by fields.</summary>
internal sealed partial class Selector
{
    private readonly List<Predicate<JsonObject>> _terms = [];

    public Selector(string labels, string fields)
    {
        foreach (Match term in Terms().Matches(labels))
            _terms.Add(Label(term.Value.Trim()));

        foreach (var term in fields.Split(',', StringSplitOptions.RemoveEmptyEntries))
            _terms.Add(Field(term.Trim()));
    }

    public bool IsEmpty => _terms.Count == 0;

    public bool Matches(JsonObject? document) => document is not null && _terms.TrueForAll(term => term(document));

    private static Predicate<JsonObject> Label(string term)
    {
        if (SetBased().Match(term) is { Success: true } set)
        {
            var values = set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            var name = set.Groups["name"].Value;
            return set.Groups["not"].Success
                ? d => LabelOf(d, name) is not { } value || !values.Contains(value)
                : d => LabelOf(d, name) is { } value && values.Contains(value);
        }

        if (term.Split("!=") is [var other, var unwanted])
            return d => LabelOf(d, other.Trim()) != unwanted.Trim();
        if (term.Split('=', StringSplitOptions.RemoveEmptyEntries) is [var same, var wanted])
            return d => LabelOf(d, same.Trim()) == wanted.Trim();

        return term.StartsWith('!') ? d => LabelOf(d, term[1..].Trim()) is null : d => LabelOf(d, term) is not null;
    }

    private static Predicate<JsonObject> Field(string term)
    {
        var not = term.Contains("!=");
        var parts = term.Split(not ? "!=" : "=", StringSplitOptions.RemoveEmptyEntries);
        var (name, value) = (parts[0], parts.Length > 1 ? parts[1] : "");
        return name is "metadata.name" or "metadata.namespace" or "spec.type" or "spec.clusterIP"
            ? d => ((d.At(name)?.ToString() ?? "") == value) != not
            : throw ApiError.BadRequest($"field label not supported: {name}");
    }

    private static string? LabelOf(JsonObject document, string name) =>
        document["metadata"]?["labels"]?[name]?.ToString();

    // A comma inside of parentheses does not end a term.
    [GeneratedRegex(@"(?:[^,(]|\([^)]*\))+")]
    private static partial Regex Terms();

    [GeneratedRegex(@"^(?<name>\S+)\s+(?<not>not)?in\s*\((?<values>[^)]*)\)$")]
    private static partial Regex SetBased();
}
