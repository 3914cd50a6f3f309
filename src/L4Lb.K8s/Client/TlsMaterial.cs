using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using L4Lb.K8s.Config;

namespace L4Lb.K8s.Client;

/// <summary>What the TLS of a connection depends on; when it changes, new connections are needed. Secret: never printed.</summary>
internal sealed record TlsMaterial(string? Authority, string? Certificate, string? Key)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(TlsMaterial);

    /// <summary>The one handler through which everything goes to the server.</summary>
    /// <exception cref="KubernetesConnectionException">The certificates are none.</exception>
    public SocketsHttpHandler CreateHandler(ApiConnection connection)
    {
        // Answers are not compressed: both ends would spend more on that than any local network does on the bytes.
        var handler = new SocketsHttpHandler
        {
            // Watches share one connection; more are opened when the server allows fewer streams than there are.
            EnableMultipleHttp2Connections = true,

            // A server that vanished without a word is noticed within 45 s, also by a watch on which nothing happens.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = connection.Proxy is not null,
        };
        if (connection.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = CredentialsOf(proxy) };
        }

        ConfigureTls(handler.SslOptions, connection.InsecureSkipTlsVerify);
        return handler;
    }

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "insecure-skip-tls-verify asks for it.")]
    private void ConfigureTls(SslClientAuthenticationOptions tls, bool isAnyServerTrusted)
    {
        if (isAnyServerTrusted)
        {
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else
        {
            var trust = new ServerTrust(Authority is null ? [] : ReadAll(Authority, "certificate-authority"));
            tls.CertificateChainPolicy = trust.ChainPolicy;
            tls.RemoteCertificateValidationCallback = trust.Validate;
        }

        if (Certificate is not null)
        {
            var between = ReadAll(Certificate, "client-certificate").Skip(1);
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(WithKey(Certificate), [.. between], offline: true);
        }
    }

    private static X509Certificate2Collection ReadAll(string pem, string field)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new KubernetesConnectionException($"{field}: is no PEM certificate: {e.Message}", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new KubernetesConnectionException($"{field}: holds no PEM certificate; it begins with -----BEGIN CERTIFICATE-----");
    }

    private X509Certificate2 WithKey(string certificate)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, Key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KubernetesConnectionException(
                $"client-key: does not belong to client-certificate, or is no PEM key without a password: {e.Message}", e);
        }
    }

    private static NetworkCredential? CredentialsOf(Uri proxy) =>
        proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest]
            ? new(Uri.UnescapeDataString(name), rest is [var password] ? Uri.UnescapeDataString(password) : "")
            : null;
}
