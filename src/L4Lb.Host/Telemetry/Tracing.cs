using System.Diagnostics;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Spans of control-plane work; the data plane has none. Nobody listens unless a tracing exporter is asked for, and then a span
/// costs nothing.
/// </summary>
internal static class Tracing
{
    /// <summary>Name of the source, here and in every other part of the program.</summary>
    public const string SourceName = "L4Lb";

    private static readonly ActivitySource s_source = new(SourceName, Product.Version);

    /// <summary>Begins a span; null when nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => s_source.StartActivity(name, kind);

    /// <summary>Says how it ended.</summary>
    /// <param name="activity">The span, or null.</param>
    /// <param name="problem">What went wrong; null when nothing did.</param>
    public static void End(Activity? activity, string? problem) =>
        activity?.SetStatus(problem is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, problem);

    /// <summary>Middleware: a span for each request that may change something.</summary>
    public static async Task ChangeAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            await next(context);
            return;
        }

        using var activity = Start("admin.change", ActivityKind.Server);
        await next(context);
        if (activity is not null)
        {
            var status = context.Response.StatusCode;
            activity.SetTag("http.request.method", method).SetTag("http.response.status_code", status);
            activity.SetTag("http.route", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            End(activity, status < StatusCodes.Status400BadRequest ? null : $"answered {status}");
        }
    }
}
