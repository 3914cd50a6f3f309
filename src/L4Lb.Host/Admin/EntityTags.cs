using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace L4Lb.Host.Admin;

/// <summary>
/// Middleware that gives every JSON answer of a GET its <c>ETag</c>, and answers 304 to who has it already (RFC 9110, §8.8.3 and
/// §13.1.2): pages that ask once a second get what is new.
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
        using var answer = new MemoryStream();
        response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var hash = SHA256.HashData(answer.GetBuffer().AsSpan(0, (int)answer.Length));
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 12))}\"");
            response.GetTypedHeaders().ETag = tag;
            response.Headers.CacheControl = "no-cache";
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(
                known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentLength = null;
                response.ContentType = null;
                return;
            }
        }

        if (answer.Length > 0)
        {
            response.ContentLength = answer.Length;
            answer.Position = 0;
            await answer.CopyToAsync(body, context.RequestAborted);
        }
    }
}
