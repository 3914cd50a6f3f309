using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace L4Lb.K8s.Client;

/// <summary>
/// Whether a server is the one that is meant. Each of the given authorities is trusted as it is: as in Go, and other than in
/// OpenSSL's default, it need not be a root, so that it may be an authority in between, or the server's very certificate.
/// </summary>
/// <param name="authorities">Whom to trust; empty for those of the system.</param>
internal sealed class ServerTrust(X509Certificate2Collection authorities)
{
    /// <summary>How chains are built.</summary>
    public X509ChainPolicy ChainPolicy { get; } = MakePolicy(authorities);

    /// <summary>Decides, as a callback of SslStream.</summary>
    /// <exception cref="AuthenticationException">No, and why.</exception>
    public bool Validate(object stream, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is null || chain is null)
        {
            throw new AuthenticationException("the server has no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && !EndsAtAuthority(chain))
        {
            var reasons = chain.ChainStatus.Select(static s => s.StatusInformation.TrimEnd()).Distinct(StringComparer.Ordinal);
            var whom = authorities.Count == 0 ? "an authority that this system trusts" : "certificate-authority";
            throw new AuthenticationException($"the server's certificate cannot be traced back to {whom}: {string.Join("; ", reasons)}");
        }

        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? true
            : throw new AuthenticationException(
                $"the server's certificate is for {NamesOf(certificate)}, and not for {NameAskedOf(stream)}; tls-server-name can say so");
    }

    // The chain is sound but for having no root, and its end is trusted.
    private bool EndsAtAuthority(X509Chain chain) =>
        chain.ChainStatus.All(static s => s.Status == X509ChainStatusFlags.PartialChain)
        && chain.ChainElements is [.., var last]
        && authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(last.Certificate.RawDataMemory.Span));

    private static string NameAskedOf(object stream) => (stream as SslStream)?.TargetHostName is { Length: > 0 } name ? name : "that address";

    private static string NamesOf(X509Certificate certificate)
    {
        var extensions = (certificate as X509Certificate2)?.Extensions.OfType<X509SubjectAlternativeNameExtension>() ?? [];
        var names = extensions.SelectMany(
            static e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(static ip => ip.ToString())));
        return string.Join(", ", names) is { Length: > 0 } text ? text : "no name at all";
    }

    private static X509ChainPolicy MakePolicy(X509Certificate2Collection authorities)
    {
        // Authorities of clusters publish no revocation lists, and nothing is fetched on the way to the only server there is.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }
}
