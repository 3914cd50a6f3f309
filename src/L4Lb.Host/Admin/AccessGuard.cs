using System.Net;

namespace L4Lb.Host.Admin;

/// <summary>
/// Middleware that lets nobody in without the token that the endpoint needs, and slows down whoever guesses.
/// </summary>
/// <param name="tokens">The secrets.</param>
/// <param name="audit">Is told of refusals.</param>
/// <param name="time">The clock of the guesses.</param>
internal sealed class AccessGuard(AccessTokens tokens, AuditLog audit, TimeProvider time)
{
    private readonly FailureLimit _failures = new(time);

    /// <summary>Answers 401 without a token that is known, 403 when it is not enough, 429 after too many wrong ones.</summary>
    public Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<OpenToEveryone>() is not null)
        {
            return next(context);
        }

        var remote = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        if (_failures.WaitFor(remote) is { } wait)
        {
            context.Response.Headers.RetryAfter = $"{(int)Math.Ceiling(wait.TotalSeconds)}";
            return Refuse(context, StatusCodes.Status429TooManyRequests);
        }

        string? authorization = context.Request.Headers.Authorization;
        if (tokens.Admits(authorization) is not { } level)
        {
            // Who brings none does not guess; a browser asks so first.
            if (authorization is not null)
            {
                _failures.Add(remote);
                audit.Refused(context, "wrong token");
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(context, StatusCodes.Status401Unauthorized);
        }

        AccessLevels.Set(context, level);
        if (level < AccessLevel.Operator && endpoint?.GetMetadata<ForOperators>() is not null)
        {
            audit.Refused(context, "the token is for looking only");
            return Refuse(context, StatusCodes.Status403Forbidden);
        }

        return next(context);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
