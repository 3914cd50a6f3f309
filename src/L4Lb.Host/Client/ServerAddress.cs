using L4Lb.Host.Admin;

namespace L4Lb.Host.Client;

/// <summary>Where an instance is asked: as <c>l4lb run --admin</c> says where it listens, or a URL.</summary>
/// <param name="Base">The URL that paths are put behind; its host means nothing with a socket.</param>
/// <param name="SocketPath">Path of a unix socket, or null.</param>
/// <param name="Text">It as it was given, for messages.</param>
internal sealed record ServerAddress(Uri Base, string? SocketPath, string Text)
{
    /// <summary>Where an instance listens when nobody says otherwise.</summary>
    public static ServerAddress Default { get; } = Read($"{AdminAddress.Default}");

    /// <summary>Reads the value of <c>--admin</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ServerAddress Read(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
                ? new ServerAddress(url, null, text)
                : throw new FormatException("must be a URL without a path, as https://lb.example:9900");
        }

        return Find(text) switch
        {
            { SocketPath: { } path } => new ServerAddress(new Uri("http://localhost"), path, text),
            { EndPoint: { Port: > 0 } endPoint } => new ServerAddress(new Uri($"http://{endPoint}"), null, text),
            _ => throw new FormatException("must be ADDRESS:PORT, unix:/PATH or a URL of the instance to ask"),
        };
    }

    private static AdminAddress? Find(string text)
    {
        try
        {
            return AdminAddress.Read(text);
        }
        catch (FormatException) when (!text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return null; // Its words are for who listens.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
