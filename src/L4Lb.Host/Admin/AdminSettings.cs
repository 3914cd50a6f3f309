namespace L4Lb.Host.Admin;

/// <summary>Where the admin API is, and who may use it.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="TokenFile">File with the token of operators; null for none.</param>
internal sealed record AdminSettings(AdminAddress Address, string? TokenFile = null)
{
    /// <summary>File with the token of those who may only look; null for none.</summary>
    public string? ReadTokenFile { get; init; }

    /// <summary>Whether a token is asked for on loopback and a unix socket, too.</summary>
    public bool AsksLocally { get; init; }

    /// <summary>File with the certificate and those above it, PEM; null for plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>File with the certificate's key, PEM; null when it is in the certificate's file.</summary>
    public string? KeyFile { get; init; }
}
