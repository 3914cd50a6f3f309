using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster;

/// <summary>Short words for what the double does with documents.</summary>
internal static class Json
{
    public static JsonObject Copy(this JsonObject document) => document.DeepClone().AsObject();

    /// <summary>The metadata of a document, made when there is none.</summary>
    public static JsonObject Metadata(this JsonObject document)
    {
        if (document["metadata"] is JsonObject present)
            return present;

        var made = new JsonObject();
        document["metadata"] = made;
        return made;
    }

    public static string? Meta(this JsonObject document, string member) => document["metadata"]?[member]?.ToString();

    public static string Name(this JsonObject document) => document.Meta("name") ?? "";

    /// <summary>The version of an object; 0 when it has none.</summary>
    public static long Version(this JsonObject document) =>
        long.TryParse(document.Meta("resourceVersion"), out var version) ? version : 0;

    public static IEnumerable<string> Finalizers(this JsonObject document) =>
        (document["metadata"]?["finalizers"] as JsonArray)?.Select(static f => f!.ToString()) ?? [];

    public static JsonObject WithVersion(this JsonObject document, long version)
    {
        var copy = document.Copy();
        copy.Metadata()["resourceVersion"] = version.ToString();
        return copy;
    }

    /// <summary>Takes over a member from another document, or its absence.</summary>
    public static void Take(this JsonObject target, string member, JsonObject? source)
    {
        target.Remove(member);
        if (source?[member] is { } value)
            target[member] = value.DeepClone();
    }

    public static JsonNode? At(this JsonObject document, string dottedPath)
    {
        JsonNode? node = document;
        foreach (var member in dottedPath.Split('.'))
            node = (node as JsonObject)?[member];

        return node;
    }

    /// <summary>JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces.</summary>
    public static JsonObject MergePatched(JsonObject target, JsonObject patch)
    {
        var result = target.Copy();
        foreach (var (member, value) in patch)
        {
            if (value is null)
                result.Remove(member);
            else if (value is JsonObject inner)
                result[member] = MergePatched(result[member] as JsonObject ?? [], inner);
            else
                result[member] = value.DeepClone();
        }

        return result;
    }

    /// <summary>
    /// Builds what a parsed document would build at its first reading, so that several threads may read it afterwards.
    /// </summary>
    public static void Settle(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, value) in members)
                Settle(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Settle(item);
        }
    }
}
