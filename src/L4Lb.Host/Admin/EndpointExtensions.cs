using Microsoft.AspNetCore.Mvc;

namespace L4Lb.Host.Admin;

/// <summary>What every endpoint says of itself.</summary>
internal static class EndpointExtensions
{
    /// <summary>It changes what runs.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(ForOperators.Instance)
        .Produces<ProblemDetails>(StatusCodes.Status403Forbidden, "application/problem+json");

    /// <summary>What it does, for the OpenAPI document.</summary>
    public static RouteHandlerBuilder Describe<T>(this RouteHandlerBuilder endpoint, string summary, params string[] query) => endpoint
        .WithSummary(summary)
        .WithMetadata(new QueryParameters(query))
        .Produces<T>()
        .Produces<ProblemDetails>(StatusCodes.Status400BadRequest, "application/problem+json")
        .Produces<ProblemDetails>(StatusCodes.Status404NotFound, "application/problem+json");
}
