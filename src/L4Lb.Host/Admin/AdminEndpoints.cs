using L4Lb.Host.Addresses;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API answers.</summary>
internal static class AdminEndpoints
{
    /// <summary>Adds every endpoint to <paramref name="app"/>; those of the probes are open to everyone.</summary>
    public static void Map(
        WebApplication app, InstanceStatus status, ServiceEndpoints services, IAddressHolder addresses, BearerToken? token,
        Scraper metrics)
    {
        app.UseStatusCodePages(static c => Problem(c.HttpContext, c.HttpContext.Response.StatusCode).ExecuteAsync(c.HttpContext));
        app.UseRouting(); // Before the token is asked for: the endpoint says whether it needs one.
        if (token is not null)
        {
            app.Use(token.RequireAsync);
        }

        app.Use(Tracing.ChangeAsync);
        MetricsEndpoint.Map(app, metrics);
        app.MapGet("/healthz", static () => TypedResults.Ok(new HealthAnswer("ok"))).WithMetadata(OpenToEveryone.Instance);
        app.MapGet("/readyz", () => Ready(status.Current)).WithMetadata(OpenToEveryone.Instance);
        app.MapGet("/api/v1/addresses", async () => TypedResults.Json(
            new ListAnswer<AddressAnswer>([.. (await addresses.ListAsync()).Select(AddressAnswer.Of)]),
            AdminJson.Default.ListAnswerAddressAnswer));
        services.Map(app);
    }

    private static JsonHttpResult<ReadyAnswer> Ready(InstanceState state)
    {
        var answer = new ReadyAnswer(
            state.Phase switch
            {
                InstancePhase.Starting => "starting",
                InstancePhase.Serving => "ready",
                _ => "draining",
            },
            state.Revision,
            state.IsConfigurationStale);
        return TypedResults.Json(
            answer,
            AdminJson.Default.ReadyAnswer,
            statusCode: state.Phase == InstancePhase.Serving ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static ProblemHttpResult Problem(HttpContext context, int status) => TypedResults.Problem(
        statusCode: status,
        detail: status == StatusCodes.Status404NotFound ? $"there is nothing at {context.Request.Path}" : null);
}
