using System.Buffers;
using System.Text;

namespace L4Lb.K8s.Config;

/// <summary>Credentials that are written somewhere, in files that may change.</summary>
internal sealed class UserCredentials : IApiCredentials
{
    // RFC 6750 has fewer characters in a token; what matters is that a header can hold it.
    private static readonly SearchValues<char> s_graphic =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c)]);

    /// <summary>Bearer token; null for none.</summary>
    public SecretText? Token { get; init; }

    /// <summary>Name and password of HTTP's basic authentication; null for none.</summary>
    public (string Name, string Password)? Basic { get; init; }

    /// <summary>Certificate, PEM; null for none.</summary>
    public SecretText? Certificate { get; init; }

    /// <summary>Its key, PEM.</summary>
    public SecretText? Key { get; init; }

    /// <inheritdoc/>
    public ApiCredential? Known => new(Authorization(), Certificate?.Read(), Key?.Read());

    /// <inheritdoc/>
    public ValueTask<ApiCredential> GetAsync(CancellationToken cancellation) => new(Known!);

    /// <inheritdoc/>
    public void Reject(ApiCredential credential)
    {
        Token?.Expire();
        Certificate?.Expire();
        Key?.Expire();
    }

    /// <summary>The header's value for a bearer token.</summary>
    /// <exception cref="KubernetesConnectionException">It is no token.</exception>
    public static string Bearer(string token, string where) => token.AsSpan().ContainsAnyExcept(s_graphic)
        ? throw new KubernetesConnectionException($"{where}: is no token: it has white space, control or other characters in it")
        : $"Bearer {token}";

    private string? Authorization() =>
        Token is not null ? Bearer(Token.Read(), Token.Where)
        : Basic is { } basic ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Name}:{basic.Password}"))}"
        : null;
}
