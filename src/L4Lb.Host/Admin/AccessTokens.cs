using System.Security.Cryptography;
using System.Text;
using L4Lb.Host.Running;

namespace L4Lb.Host.Admin;

/// <summary>The secrets by which requests are admitted.</summary>
internal sealed class AccessTokens
{
    private const string Scheme = "Bearer ";

    // Hashes, because they have one length: a comparison then tells nothing, not even how long the secret is.
    private readonly (AccessLevel Level, byte[] Hash)[] _tokens;

    /// <summary>Those tokens.</summary>
    public AccessTokens(params IEnumerable<(AccessLevel Level, string Text)> tokens) => _tokens =
        [.. tokens.Select(static token => (token.Level, SHA256.HashData(Encoding.UTF8.GetBytes(token.Text))))];

    /// <summary>The tokens that <paramref name="settings"/> name, or null when the address needs none.</summary>
    /// <exception cref="StartFailedException">A file cannot be read or is empty, or both say the same.</exception>
    public static AccessTokens? ReadFor(AdminSettings settings)
    {
        if (settings.Address.IsLocal && !settings.AsksLocally)
        {
            return null;
        }

        var tokens = new List<(AccessLevel, string)>();
        Add(AccessLevel.Operator, "--admin-token-file", settings.TokenFile);
        Add(AccessLevel.Reader, "--admin-read-token-file", settings.ReadTokenFile);
        if (tokens.Count == 2 && tokens[0].Item2 == tokens[1].Item2)
        {
            throw new StartFailedException(
                $"--admin-read-token-file {settings.ReadTokenFile}: has the operators' token; who may only look needs another");
        }

        return new AccessTokens(tokens);

        void Add(AccessLevel level, string option, string? file)
        {
            if (file is not null)
            {
                tokens.Add((level, Read(option, file)));
            }
        }
    }

    /// <summary>What an <c>Authorization</c> header entitles to; null for nothing. Takes the same time for every wrong one.</summary>
    public AccessLevel? Admits(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        AccessLevel? admitted = null;
        foreach (var (level, known) in _tokens)
        {
            admitted = CryptographicOperations.FixedTimeEquals(known, hash) ? level : admitted;
        }

        return admitted;
    }

    private static string Read(string option, string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();
            return text.Length > 0
                ? text
                : throw new StartFailedException($"{option} {file}: is empty; put a long random text there");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException($"{option} {file}: {e.Message}", e);
        }
    }
}
