namespace L4Lb.K8s.Config;

/// <summary>Everything there is to know to talk to an API server.</summary>
/// <param name="Server">Its address; ends with a slash, since it may have a path.</param>
/// <param name="Credentials">Who asks.</param>
internal sealed record ApiConnection(Uri Server, IApiCredentials Credentials)
{
    /// <summary>Certificates to trust, PEM; null for those of the system.</summary>
    public SecretText? Authority { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Name that the server's certificate is for, when it is not that of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Proxy in between, <c>http</c>, <c>https</c> or <c>socks5</c>; null for none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Namespace of whatever names none.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Where all this is written, for people.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The server, and where that is written.</summary>
    public override string ToString() => Origin.Length == 0 ? Name(Server) : $"{Name(Server)} from {Origin}";

    // A password may be in it, by mistake.
    private static string Name(Uri server) =>
        server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
}
