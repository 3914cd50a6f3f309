using System.Globalization;
using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster;

/// <summary>What the server does to objects on their way into the store: pure functions of what is there and what was sent.</summary>
internal static class ObjectRules
{
    private static readonly string[] s_owned =
        ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "name", "namespace"];

    public static JsonObject Create(ObjectKey key, JsonObject? current, JsonObject sent, DateTimeOffset now)
    {
        var made = Named(key, sent);
        if (current is not null)
            throw ApiError.AlreadyExists(key);
        if (sent.Meta("resourceVersion") is { Length: > 0 })
            throw ApiError.BadRequest("resourceVersion should not be set on objects to be created");
        if (key.Kind.HasStatus)
            made.Remove("status");

        Born(key.Kind, made, now);
        return Checked(key, made);
    }

    /// <summary>What a test puts there: created or replaced, status and all, whatever version it says.</summary>
    public static JsonObject Put(ObjectKey key, JsonObject? current, JsonObject sent, DateTimeOffset now)
    {
        var made = Named(key, sent);
        if (current is null)
            Born(key.Kind, made, now);
        else
            Inherit(key.Kind, made, current);

        return Checked(key, made);
    }

    public static JsonObject? Replace(ObjectKey key, JsonObject? current, JsonObject sent, bool status)
    {
        if (current is null)
            throw ApiError.NotFound(key);
        if (key.Kind.NeedsVersionToReplace && sent.Meta("resourceVersion") is not { Length: > 0 })
            throw ApiError.Invalid(key, "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update");

        return Update(key, current, sent, status);
    }

    public static JsonObject? Patch(ObjectKey key, JsonObject? current, JsonObject patch, bool status) =>
        Update(key, current ?? throw ApiError.NotFound(key), Json.MergePatched(current, patch), status);

    /// <summary>Gone at once, or marked when somebody wants to finish something first.</summary>
    public static JsonObject? Delete(ObjectKey key, JsonObject? current, JsonObject? options, DateTimeOffset now)
    {
        if (current is null)
            throw ApiError.NotFound(key);

        CheckPreconditions(key, current, options?["preconditions"] as JsonObject);
        if (!current.Finalizers().Any())
            return null;
        if (current.Meta("deletionTimestamp") is not null)
            return current;

        var marked = current.Copy();
        marked.Metadata()["deletionTimestamp"] = Rfc3339(now);
        marked.Metadata()["deletionGracePeriodSeconds"] = 0;
        if (key.Kind.CountsGenerations)
            marked.Metadata()["generation"] = current["metadata"]!["generation"]!.GetValue<long>() + 1;
        return marked;
    }

    private static JsonObject? Update(ObjectKey key, JsonObject current, JsonObject sent, bool status)
    {
        CheckPreconditions(key, current, sent["metadata"] as JsonObject);
        var wanted = Named(key, sent);
        JsonObject made;
        if (status)
        {
            made = current.Copy();
            made.Take("status", wanted);
            return Checked(key, made);
        }

        made = wanted;
        if (key.Kind.HasStatus)
            made.Take("status", current);
        Inherit(key.Kind, made, current);
        if (current.Meta("deletionTimestamp") is null)
            return Checked(key, made);
        if (made.Finalizers().Except(current.Finalizers()).Any())
            throw ApiError.Invalid(key, "metadata.finalizers", "Forbidden: no new finalizers can be added if the object is being deleted");

        return made.Finalizers().Any() ? Checked(key, made) : null;
    }

    private static void CheckPreconditions(ObjectKey key, JsonObject current, JsonObject? wanted)
    {
        if (wanted?["uid"]?.ToString() is { Length: > 0 } uid && uid != current.Meta("uid"))
        {
            var why = $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Meta("uid")}";
            throw ApiError.Conflict(key, why);
        }

        if (wanted?["resourceVersion"]?.ToString() is { Length: > 0 } version && version != current.Meta("resourceVersion"))
            throw ApiError.Conflict(key);
    }

    private static JsonObject Named(ObjectKey key, JsonObject sent)
    {
        if ((string?)sent["apiVersion"] != key.Kind.ApiVersion || (string?)sent["kind"] != key.Kind.Name)
        {
            throw ApiError.BadRequest(
                $"the API version and kind in the data ({sent["apiVersion"]}, {sent["kind"]}) do not match the expected ones ({key.Kind.ApiVersion}, {key.Kind.Name})");
        }

        if (sent.Name() != key.Name)
            throw ApiError.BadRequest($"the name of the object ({sent.Name()}) does not match the name on the URL ({key.Name})");
        if ((sent.Meta("namespace") ?? key.Namespace) != key.Namespace)
            throw ApiError.BadRequest("the namespace of the provided object does not match the namespace sent on the request");

        var named = sent.Copy();
        if (key.Kind.Namespaced)
            named.Metadata()["namespace"] = key.Namespace;
        return named;
    }

    private static void Born(Kind kind, JsonObject document, DateTimeOffset now)
    {
        var metadata = document.Metadata();
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Rfc3339(now);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("generation");
        if (kind.CountsGenerations)
            metadata["generation"] = 1L;
    }

    private static void Inherit(Kind kind, JsonObject document, JsonObject current)
    {
        foreach (var member in s_owned)
            document.Metadata().Take(member, current.Metadata());

        if (kind.CountsGenerations && !JsonNode.DeepEquals(Wanted(document), Wanted(current)))
            document.Metadata()["generation"] = current["metadata"]!["generation"]!.GetValue<long>() + 1;
    }

    private static JsonObject Wanted(JsonObject document)
    {
        var wanted = document.Copy();
        wanted.Remove("metadata");
        wanted.Remove("status");
        return wanted;
    }

    private static JsonObject Checked(ObjectKey key, JsonObject document)
    {
        foreach (var path in key.Kind.MicroTimes)
        {
            if (document.At(path) is { } time && !IsMicroTime(time.ToString()))
                throw ApiError.BadRequest($"{path}: parsing time \"{time}\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse");
        }

        return document;
    }

    private static bool IsMicroTime(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss.ffffffK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out _);

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
