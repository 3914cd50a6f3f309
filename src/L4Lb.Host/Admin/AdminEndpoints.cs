using L4Lb.Host.Dashboard;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API answers.</summary>
internal static class AdminEndpoints
{
    /// <summary>Adds every endpoint to <paramref name="app"/>; those of the probes are open to everyone.</summary>
    public static void Map(WebApplication app, AdminSources sources, AuditLog audit, AccessGuard? guard)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = static context => Problem(context).ExecuteAsync(context),

            // A body that is too large, or ends before its length, among others.
            StatusCodeSelector = static e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages(static c => Problem(c.HttpContext).ExecuteAsync(c.HttpContext));
        DashboardFiles.Use(app, DashboardFiles.Folder); // Before all that looks who asks.
        app.UseRouting(); // Before the token is asked for: the endpoint says whether it needs one.
        if (guard is not null)
        {
            app.Use(guard.RequireAsync);
        }

        app.Use(Tracing.ChangeAsync);
        app.Use(SameSite.RequireAsync);
        app.Use(QueryParameters.RequireAsync);
        app.Use(EntityTags.HandleAsync);
        app.MapGet("/healthz", static () => TypedResults.Ok(new HealthAnswer("ok")))
            .WithMetadata(OpenToEveryone.Instance).WithSummary("Whether the process is alive");
        app.MapGet("/readyz", () => Ready(sources.Status.Current))
            .WithMetadata(OpenToEveryone.Instance).WithSummary("Whether the instance serves")
            .Produces<ReadyAnswer>().Produces<ReadyAnswer>(StatusCodes.Status503ServiceUnavailable);
        if (sources.Metrics is { } metrics)
        {
            MetricsEndpoint.Map(app, metrics).Describe<string>("Metrics as Prometheus text 0.0.4 or OpenMetrics 1.0.0, as Accept has it");
        }

        app.MapGet("/api/v1/access", static (HttpContext context) => TypedResults.Ok(AccessAnswer.Of(context)))
            .Describe<AccessAnswer>("What who asks may do");
        new ServiceEndpoints(sources.Engine, audit).Map(app);
        new SessionEndpoints(sources.Engine.Sessions, audit).Map(app);
        new ResourceEndpoints(sources, audit).Map(app);
        new StreamEndpoints(sources, app.Lifetime.ApplicationStopping).Map(app);
        app.MapOpenApi("/openapi/v1.json").WithMetadata(OpenToEveryone.Instance);
    }

    private static JsonHttpResult<ReadyAnswer> Ready(InstanceState state) => TypedResults.Json(
        new ReadyAnswer(ReadyAnswer.PhaseOf(state), state.Revision, state.IsConfigurationStale),
        AdminJson.Default.ReadyAnswer,
        statusCode: state.Phase == InstancePhase.Serving ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static ProblemHttpResult Problem(HttpContext context) => Problems.Of(
        context.Response.StatusCode,
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is nothing at {context.Request.Path}",
            StatusCodes.Status401Unauthorized => "a token is needed: Authorization: Bearer TOKEN",
            StatusCodes.Status403Forbidden => "the token is for looking only",
            StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is nothing that {context.Request.Path} knows; {context.Response.Headers.Allow} is",
            StatusCodes.Status415UnsupportedMediaType => "the body must be JSON: Content-Type: application/json",
            StatusCodes.Status429TooManyRequests => "too many wrong tokens came from there",
            _ => null,
        });
}
