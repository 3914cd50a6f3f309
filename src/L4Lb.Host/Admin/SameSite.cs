using System.Net;
using Microsoft.Net.Http.Headers;

namespace L4Lb.Host.Admin;

/// <summary>
/// Keeps web pages from acting and looking through the browser of somebody who may: on loopback no token stands in their way. A
/// page of another origin is told by what its browser says of it; one whose name was pointed at this machine (DNS rebinding) by a
/// host that is a name at all, since without a token this server goes by addresses.
/// </summary>
internal static class SameSite
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Middleware: answers 403 to what a page elsewhere has asked for.</summary>
    public static Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        if (Allows(context))
        {
            return next(context);
        }

        return Problems.Of(StatusCodes.Status403Forbidden, "pages of other origins may not act or look here").ExecuteAsync(context);
    }

    private static bool Allows(HttpContext context)
    {
        if (AccessLevels.Of(context) is not null)
        {
            return true; // No page elsewhere knows the token.
        }

        var request = context.Request;
        var (origin, site) = (request.Headers[HeaderNames.Origin].ToString(), request.Headers[FetchSite].ToString());
        if (origin.Length == 0 && site.Length == 0)
        {
            return true; // No browser.
        }

        var isAddress = request.Host.Host == "localhost" || IPAddress.TryParse(request.Host.Host, out _);
        return isAddress
            && (origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            && (site is "" or "same-origin" or "none");
    }
}
