using System.Globalization;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Config;

/// <summary>What a plugin answers: an <c>ExecCredential</c>.</summary>
/// <param name="Credential">The credentials.</param>
/// <param name="Expiry">When they end; null when the server will say so by 401.</param>
internal sealed record ExecAnswer(ApiCredential Credential, DateTimeOffset? Expiry)
{
    /// <summary>The answer in <paramref name="utf8"/>.</summary>
    /// <exception cref="KubernetesConnectionException">It is none. Nothing of it is quoted: it may hold secrets.</exception>
    public static ExecAnswer Read(ReadOnlySpan<byte> utf8, ExecPlugin plugin)
    {
        var root = Parse(utf8) ?? throw Wrong(plugin, "is no JSON object");
        if (root.Text("kind") != "ExecCredential" || root.Text("apiVersion") != plugin.ApiVersion)
        {
            throw Wrong(plugin, $"is no ExecCredential of {plugin.ApiVersion}, as apiVersion says");
        }

        var status = root.Object("status") ?? throw Wrong(plugin, "has no status");
        var (certificate, key) = (status.Text("clientCertificateData"), status.Text("clientKeyData"));
        var token = status.Text("token") is { Length: > 0 } text ? UserCredentials.Bearer(text, plugin.Where) : null;
        if (string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key))
        {
            throw Wrong(plugin, "has a certificate or a key, but not both");
        }

        var credential = string.IsNullOrEmpty(certificate) ? new ApiCredential(token) : new(token, certificate, key);
        return credential != ApiCredential.None
            ? new(credential, ExpiryOf(status, plugin))
            : throw Wrong(plugin, "has neither a token nor a certificate");
    }

    private static MappingNode? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonTreeReader.Read(utf8) as MappingNode;
        }
        catch (TreeException)
        {
            return null;
        }
    }

    private static DateTimeOffset? ExpiryOf(MappingNode status, ExecPlugin plugin)
    {
        if (status.Find("expirationTimestamp") is null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            status.Text("expirationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong(plugin, "has an expirationTimestamp that is no time");
    }

    private static KubernetesConnectionException Wrong(ExecPlugin plugin, string what) =>
        new($"{plugin.Where}: what {plugin.Command} answered {what}");
}
