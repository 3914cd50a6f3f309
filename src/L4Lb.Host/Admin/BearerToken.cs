using System.Security.Cryptography;
using System.Text;
using L4Lb.Host.Running;

namespace L4Lb.Host.Admin;

/// <summary>The secret that requests from elsewhere must carry.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";

    // Hashes, because they have one length: a comparison then tells nothing, not even how long the secret is.
    private readonly byte[] _hash;

    /// <summary>A token with that text.</summary>
    public BearerToken(string text) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The token that <paramref name="settings"/> ask for, or null when the address needs none.</summary>
    /// <exception cref="StartFailedException">The file cannot be read or is empty.</exception>
    public static BearerToken? ReadFor(AdminSettings settings)
    {
        if (settings.TokenFile is null || settings.Address.IsLocal)
        {
            return null;
        }

        try
        {
            var text = File.ReadAllText(settings.TokenFile).Trim();
            return text.Length > 0
                ? new BearerToken(text)
                : throw new StartFailedException($"--admin-token-file {settings.TokenFile}: is empty; put a long random text there");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException($"--admin-token-file {settings.TokenFile}: {e.Message}", e);
        }
    }

    /// <summary>Whether an <c>Authorization</c> header carries the token; takes the same time for every wrong one.</summary>
    public bool Admits(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            _hash, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())));

    /// <summary>Middleware: answers 401 to requests without the token, but for endpoints that are open to everyone.</summary>
    public Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<OpenToEveryone>() is not null;
        if (isOpen || Admits(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

/// <summary>Marks an endpoint that needs no token: probes cannot be given one everywhere.</summary>
internal sealed class OpenToEveryone
{
    /// <summary>The mark.</summary>
    public static readonly OpenToEveryone Instance = new();
}
