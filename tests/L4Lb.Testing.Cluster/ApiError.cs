using System.Text.Json.Nodes;
using L4Lb.Testing.Cluster.Access;

namespace L4Lb.Testing.Cluster;

/// <summary>A refusal, with the Status document that the real server answers with.</summary>
internal sealed class ApiError(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>Seconds after which the client may ask again; null when the server does not say.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A token with which a list that expired can go on from newer contents.</summary>
    public string Continue { get; init; } = "";

    private JsonObject? Details { get; init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue.Length == 0 ? new JsonObject() : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details is not null || RetryAfter is not null)
        {
            var details = Details?.DeepClone().AsObject() ?? [];
            if (RetryAfter is { } seconds)
                details["retryAfterSeconds"] = seconds;
            status["details"] = details;
        }

        status["code"] = Code;
        return status;
    }

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <summary>A user who may not do what was asked of a resource.</summary>
    public static ApiError Forbidden(string user, AccessRequest asked)
    {
        var resource = asked.Group.Length == 0 ? asked.Resource : $"{asked.Resource}.{asked.Group}";
        var what = asked.Name.Length == 0 ? resource : $"{resource} \"{asked.Name}\"";
        var where = asked.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{asked.Namespace}\"";
        var message = $"{what} is forbidden: User \"{user}\" cannot {asked.Verb} resource \"{asked.FullResource}\" in API group \"{asked.Group}\" {where}";
        var details = new JsonObject { ["kind"] = asked.Resource };
        if (asked.Name.Length > 0)
            details["name"] = asked.Name;
        if (asked.Group.Length > 0)
            details["group"] = asked.Group;
        return new(403, "Forbidden", message) { Details = details };
    }

    /// <summary>A user who may not do what was asked of something that is no resource.</summary>
    public static ApiError Forbidden(string user, string what) =>
        new(403, "Forbidden", $"forbidden: User \"{user}\" cannot {what}") { Details = [] };

    public static ApiError NoSuchPath() =>
        new(404, "NotFound", "the server could not find the requested resource") { Details = [] };

    public static ApiError NotFound(ObjectKey key) =>
        new(404, "NotFound", $"{key.Kind} \"{key.Name}\" not found") { Details = DetailsOf(key) };

    public static ApiError MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Details = [] };

    public static ApiError AlreadyExists(ObjectKey key) =>
        new(409, "AlreadyExists", $"{key.Kind} \"{key.Name}\" already exists") { Details = DetailsOf(key) };

    public static ApiError Conflict(
        ObjectKey key,
        string why = "the object has been modified; please apply your changes to the latest version and try again") =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {key.Kind} \"{key.Name}\": {why}") { Details = DetailsOf(key) };

    public static ApiError Expired(long asked, long oldest) =>
        new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static ApiError ContinueExpired(string token) => new(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result.")
    {
        Continue = token,
    };

    public static ApiError UnsupportedMediaType(string given) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format ({given}) - accepted media types include: application/merge-patch+json");

    public static ApiError Invalid(ObjectKey key, string field, string why) =>
        new(422, "Invalid", $"{key.Kind.Name} \"{key.Name}\" is invalid: {field}: {why}")
        {
            Details = new()
            {
                ["name"] = key.Name,
                ["group"] = key.Kind.Group,
                ["kind"] = key.Kind.Name,
                ["causes"] = new JsonArray(
                    new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = why, ["field"] = field }),
            },
        };

    public static ApiError TooManyRequests(int retryAfter) =>
        new(429, "TooManyRequests", "The server has received too many requests, please try again later.") { RetryAfter = retryAfter };

    public static ApiError ServiceUnavailable(int? retryAfter = null) =>
        new(503, "ServiceUnavailable", "the server is currently unable to handle the request") { RetryAfter = retryAfter };

    public static ApiError TooLargeVersion(long asked, long current) =>
        new(504, "Timeout", $"Too large resource version: {asked}, current: {current}") { RetryAfter = 1 };

    public static JsonObject DetailsOf(ObjectKey key)
    {
        var details = new JsonObject { ["name"] = key.Name };
        if (key.Kind.Group.Length > 0)
            details["group"] = key.Kind.Group;
        details["kind"] = key.Kind.Resource;
        return details;
    }
}
