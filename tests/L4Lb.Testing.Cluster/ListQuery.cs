using System.Text;
using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster;

/// <summary>
/// A list: all objects as they were at one version, in pages when the client wants so. The token of the next page holds the
/// version and where to go on.
/// </summary>
internal sealed record ListQuery(ResourcePath Path, Selector Selector)
{
    public int Limit { get; init; }

    public string Continue { get; init; } = "";

    public string Version { get; init; } = "";

    public string VersionMatch { get; init; } = "";

    public JsonObject Run(ObjectStore store)
    {
        var (wanted, after) = Start(store);
        var (version, all) = store.At(wanted);
        var rest = all.Where(pair => Path.Covers(pair.Key) && Selector.Matches(pair.Value)
            && string.CompareOrdinal(Position(pair.Key), after) > 0).ToArray();
        var page = Limit > 0 ? rest.Take(Limit).ToArray() : rest;
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString() };
        if (page.Length < rest.Length)
        {
            metadata["continue"] = Token(version, Position(page[^1].Key));
            if (Selector.IsEmpty)
                metadata["remainingItemCount"] = rest.Length - page.Length;
        }

        // The items of a built-in kind say neither their kind nor its version: the list has said it.
        return new()
        {
            ["kind"] = Path.Kind.Name + "List",
            ["apiVersion"] = Path.Kind.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Select(pair => Item(pair.Value))]),
        };
    }

    private JsonNode Item(JsonObject document)
    {
        var item = document.Copy();
        if (!Path.Kind.Group.EndsWith("l4lb.io"))
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }

    private (long? Version, string After) Start(ObjectStore store)
    {
        if (Continue.Length > 0)
            return GoOn(store);
        if (Version.Length > 0 && !(long.TryParse(Version, out var valid) && valid >= 0))
            throw ApiError.BadRequest($"invalid resource version \"{Version}\"");
        if (VersionMatch == "Exact")
            return (long.TryParse(Version, out var exact) ? exact : null, "");

        // "Not older than": the present will do unless it has yet to come.
        return (long.TryParse(Version, out var least) && least > store.Version ? least : null, "");
    }

    private (long? Version, string After) GoOn(ObjectStore store)
    {
        if (Version.Length > 0)
            throw ApiError.BadRequest("specifying resource version is not allowed when using continue");

        long version;
        string after;
        try
        {
            var token = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(Continue)))!;
            (version, after) = (token["rv"]!.GetValue<long>(), token["start"]!.GetValue<string>());
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or NullReferenceException)
        {
            throw ApiError.BadRequest("continue key is not valid");
        }

        if (version < 0)
            return (null, after);

        try
        {
            store.At(version);
            return (version, after);
        }
        catch (ApiError e) when (e.Code == 410)
        {
            throw ApiError.ContinueExpired(Token(-1, after));
        }
    }

    private static string Position(ObjectKey key) => $"{key.Namespace}/{key.Name}\0";

    private static string Token(long version, string after) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = after }.ToJsonString()));
}
