using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace L4Lb.Host.Telemetry;

/// <summary><c>GET /metrics</c>.</summary>
internal static class MetricsEndpoint
{
    private const string Gzip = "gzip";

    /// <summary>Adds the endpoint to <paramref name="app"/>.</summary>
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app, Scraper scraper) =>
        app.MapGet("/metrics", (Delegate)((HttpContext context) => AnswerAsync(context, scraper)));

    private static async Task AnswerAsync(HttpContext context, Scraper scraper)
    {
        var (request, response) = (context.Request, context.Response);
        var format = TextFormat.Negotiate(request.Headers.Accept);
        var text = await scraper.ScrapeAsync(format);
        response.ContentType = format.ContentType;
        response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptEncoding}";
        response.Headers.CacheControl = "no-store";
        if (TakesGzip(request))
        {
            response.Headers.ContentEncoding = Gzip;
            await using var zip = new GZipStream(response.Body, CompressionLevel.Fastest);
            await text.CopyToAsync(zip, context.RequestAborted);
        }
        else
        {
            response.ContentLength = text.Length;
            await text.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding.OfType<string>().ToArray(), out var encodings)
        && encodings.Any(static e => e.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase) && e.Quality != 0);
}
