using System.Text.Json.Nodes;

namespace L4Lb.Lab.Tests.Scenarios.Schema;

/// <summary>A place in a document, which can be changed in a copy.</summary>
/// <param name="Path">As the reader writes it.</param>
/// <param name="Steps">Names and indices that lead there.</param>
internal sealed record Place(string Path, IReadOnlyList<object> Steps)
{
    /// <summary>Every place of <paramref name="document"/>, its root included.</summary>
    internal static IEnumerable<Place> Of(JsonNode document) => Of(document, new Place("", []));

    /// <summary>The path of a field; names of annotations have dots of their own.</summary>
    internal static string PathOf(string parent, string name) =>
        name.Contains('/') ? $"{parent}[{name}]" : parent.Length == 0 ? name : $"{parent}.{name}";

    /// <summary>What is there.</summary>
    internal JsonNode? In(JsonNode document) =>
        Steps.Aggregate((JsonNode?)document, static (at, step) => step is string name ? at![name] : at![(int)step]);

    /// <summary>A copy with <paramref name="value"/> there.</summary>
    internal JsonNode Set(JsonNode document, JsonNode? value)
    {
        var (copy, parent) = Copy(document);
        if (Steps[^1] is string name)
        {
            parent[name] = value;
        }
        else
        {
            parent[(int)Steps[^1]] = value;
        }

        return copy;
    }

    /// <summary>A copy without the field.</summary>
    internal JsonNode Remove(JsonNode document)
    {
        var (copy, parent) = Copy(document);
        parent.AsObject().Remove((string)Steps[^1]);
        return copy;
    }

    /// <summary>A copy with the field under another name.</summary>
    internal JsonNode Rename(JsonNode document, string name)
    {
        var copy = Remove(document);
        Parent.In(copy)![name] = In(document)!.DeepClone();
        return copy;
    }

    internal bool IsField => Steps is [.., string];

    private Place Parent => new("", [.. Steps.SkipLast(1)]);

    private (JsonNode Copy, JsonNode Parent) Copy(JsonNode document)
    {
        var copy = document.DeepClone();
        return (copy, Parent.In(copy)!);
    }

    private static IEnumerable<Place> Of(JsonNode? node, Place place) =>
    [
        place,
        .. node switch
        {
            JsonObject o => o.SelectMany(e => Of(e.Value, new(PathOf(place.Path, e.Key), [.. place.Steps, e.Key]))),
            JsonArray a => a.Index().SelectMany(e => Of(e.Item, new($"{place.Path}[{e.Index}]", [.. place.Steps, e.Index]))),
            _ => [],
        },
    ];
}
