namespace L4Lb.Host.Admin;

/// <summary>The query parameters that an endpoint understands.</summary>
/// <param name="Names">Their names.</param>
internal sealed record QueryParameters(IReadOnlyList<string> Names)
{
    /// <summary>
    /// Middleware: answers 400 to a parameter that the endpoint does not know. Passed over, a typing error in what says which sessions
    /// are to be killed would kill others.
    /// </summary>
    public static Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        // Others than the API's are asked by tools with parameters of their own, as scrapers are told to send.
        var known = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            ? context.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>()?.Names
            : null;
        return known is not null && context.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? Problems.Bad($"there is no query parameter {unknown} here; there is {Problems.Instead(unknown, known)}").ExecuteAsync(context)
            : next(context);
    }
}
