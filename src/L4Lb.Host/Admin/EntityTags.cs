using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace L4Lb.Host.Admin;

/// <summary>
/// Middleware that gives JSON answers of a GET their <c>ETag</c>, and answers 304 to who has them already (RFC 9110, §8.8.3 and
/// §13.1.2): who asks once a second gets what is new. Answers that are too large to hold go out as they are made, without.
/// </summary>
internal static class EntityTags
{
    /// <summary>Handles one request.</summary>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (!HttpMethods.IsGet(context.Request.Method) || !path.StartsWithSegments("/api/v1") || path == "/api/v1/stream")
        {
            await next(context);
            return;
        }

        var (response, body) = (context.Response, context.Response.Body);
        await using var held = new HeldBody(body);
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (held.IsPassedOn)
        {
            return;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(held.Bytes.Span).AsSpan(0, 12))}\"");
            response.GetTypedHeaders().ETag = tag;
            response.Headers.CacheControl = "no-cache";
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(
                known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
            {
                (response.StatusCode, response.ContentLength, response.ContentType) = (StatusCodes.Status304NotModified, null, null);
                return;
            }
        }

        if (held.Bytes.Length > 0)
        {
            response.ContentLength = held.Bytes.Length;
            await body.WriteAsync(held.Bytes, context.RequestAborted);
        }
    }
}
