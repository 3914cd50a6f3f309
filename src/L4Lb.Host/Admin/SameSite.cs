using System.Net;

namespace L4Lb.Host.Admin;

/// <summary>
/// Keeps web pages from acting through the browser of somebody who may: on loopback no token stands in their way. A page
/// of another origin is told by what its browser says of it; one whose name was pointed at this machine (DNS rebinding) by
/// a host that is a name at all, since this server goes by addresses.
/// </summary>
internal static class SameSite
{
    /// <summary>Endpoint filter: answers 403 to what a page elsewhere has asked for.</summary>
    public static ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Allows(context.HttpContext.Request)
            ? next(context)
            : ValueTask.FromResult<object?>(TypedResults.Problem(
                statusCode: StatusCodes.Status403Forbidden, detail: "pages of other origins may not act here"));

    private static bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            // No browser, or one that only reads.
            return true;
        }

        var host = request.Host;
        var isAddress = host.Host == "localhost" || IPAddress.TryParse(host.Host, out _);
        return isAddress && string.Equals(origin, $"{request.Scheme}://{host}", StringComparison.OrdinalIgnoreCase);
    }
}
