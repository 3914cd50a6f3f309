using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace L4Lb.Testing.Cluster;

/// <summary>Answers requests of the Kubernetes API from a store.</summary>
internal sealed class ApiServer(ObjectStore store, TimeProvider time)
{
    // The real server picks a time between 30 and 60 minutes for a watch that names none.
    private static readonly TimeSpan s_defaultWatch = TimeSpan.FromMinutes(30);

    /// <summary>Whether a watch that comes too late gets HTTP 410, as from old servers, and not an ERROR event.</summary>
    public bool GoneAsHttpStatus { get; set; }

    public async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        try
        {
            if (request.Path == "/version")
                await WriteAsync(context, 200, new() { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0" });
            else if (request.IsWatch)
                await WatchAsync(context, request);
            else
                await WriteAsync(context, request.Method == "POST" ? 201 : 200, Answer(context, request));
        }
        catch (ApiError error)
        {
            await WriteErrorAsync(context, error);
        }
    }

    public static Task WriteErrorAsync(HttpContext context, ApiError error)
    {
        if (error.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();

        return WriteStatusAsync(context, error);
    }

    /// <summary>The Status alone, without the header that says the same once more.</summary>
    public static Task WriteStatusAsync(HttpContext context, ApiError error) => WriteAsync(context, error.Code, error.ToStatus());

    private JsonObject Answer(HttpContext context, RecordedRequest request)
    {
        var path = ResourcePath.Parse(request.Path);
        var one = path.Name.Length > 0;
        return (request.Method, one) switch
        {
            ("GET", true) => store.Find(path.Key) ?? throw ApiError.NotFound(path.Key),
            ("GET", false) => List(path, request),
            ("POST", false) when path.Namespace.Length > 0 || !path.Kind.Namespaced => Create(path, Parsed(request)),
            ("PUT", true) => store.Write(path.Key, now => ObjectRules.Replace(path.Key, now, Parsed(request), path.Status)),
            ("PATCH", true) => Patch(path, context.Request.ContentType ?? "", Parsed(request)),
            ("DELETE", true) when !path.Status => Delete(path.Key, request.Body.Length == 0 ? null : Parsed(request)),
            _ => throw ApiError.MethodNotAllowed(),
        };
    }

    private JsonObject List(ResourcePath path, RecordedRequest request)
    {
        var query = new ListQuery(path, SelectorOf(request))
        {
            Limit = (int)Number(request, "limit"),
            Continue = request.Query.GetValueOrDefault("continue", ""),
            Version = request.Query.GetValueOrDefault("resourceVersion", ""),
            VersionMatch = request.Query.GetValueOrDefault("resourceVersionMatch", ""),
        };
        return query.Run(store);
    }

    private JsonObject Create(ResourcePath path, JsonObject sent)
    {
        if (sent.Name().Length == 0 && sent.Meta("generateName") is { Length: > 0 } prefix)
            sent.Metadata()["name"] = prefix + Guid.NewGuid().ToString("N")[..5];

        var key = path.Key with { Name = sent.Name() };
        return key.Name.Length == 0
            ? throw ApiError.Invalid(key, "metadata.name", "Required value: name or generateName is required")
            : store.Write(key, current => ObjectRules.Create(key, current, sent, time.GetUtcNow()));
    }

    private JsonObject Patch(ResourcePath path, string contentType, JsonObject patch) =>
        contentType.Split(';')[0] == "application/merge-patch+json"
            ? store.Write(path.Key, current => ObjectRules.Patch(path.Key, current, patch, path.Status))
            : throw ApiError.UnsupportedMediaType(contentType);

    private JsonObject Delete(ObjectKey key, JsonObject? options)
    {
        var gone = false;
        var last = store.Write(key, current =>
        {
            var after = ObjectRules.Delete(key, current, options, time.GetUtcNow());
            gone = after is null;
            return after;
        });
        if (!gone)
            return last;

        var details = ApiError.DetailsOf(key);
        details["uid"] = last.Meta("uid");
        return new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    private async Task WatchAsync(HttpContext context, RecordedRequest request)
    {
        var path = ResourcePath.Parse(request.Path);
        if (request.Query.GetValueOrDefault("sendInitialEvents") is not null)
        {
            throw ApiError.Invalid(
                path.Key,
                "sendInitialEvents",
                "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        }

        // Versions "" and "0" start from anywhere: with all there is.
        var after = Number(request, "resourceVersion");
        var bookmarks = request.Query.GetValueOrDefault("allowWatchBookmarks") is "true" or "1";
        var watch = new Watch(path, SelectorOf(request), bookmarks);
        var seconds = Number(request, "timeoutSeconds");
        try
        {
            watch.Subscribe(store, after == 0 ? null : after);
        }
        catch (ApiError error) when (!GoneAsHttpStatus)
        {
            Begin(context, 200);
            await Watch.WriteErrorAsync(context, error);
            return;
        }

        Begin(context, 200);
        using var over = new CancellationTokenSource(seconds > 0 ? TimeSpan.FromSeconds(seconds) : s_defaultWatch, time);
        await watch.RunAsync(context, store, over.Token);
    }

    private static Selector SelectorOf(RecordedRequest request) =>
        new(request.Query.GetValueOrDefault("labelSelector", ""), request.Query.GetValueOrDefault("fieldSelector", ""));

    private static long Number(RecordedRequest request, string parameter) =>
        request.Query.GetValueOrDefault(parameter, "") is not { Length: > 0 } text ? 0
        : long.TryParse(text, out var number) && number >= 0 ? number
        : throw ApiError.BadRequest($"{parameter}: Invalid value: \"{text}\"");

    private static JsonObject Parsed(RecordedRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? throw ApiError.BadRequest("the body is not an object");
        }
        catch (JsonException e)
        {
            throw ApiError.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }

    private static void Begin(HttpContext context, int code)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
    }

    private static Task WriteAsync(HttpContext context, int code, JsonObject document)
    {
        Begin(context, code);
        return context.Response.WriteAsync(document.ToJsonString() + "\n", context.RequestAborted);
    }
}
