using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace L4Lb.Testing.Cluster;

/// <summary>A certificate authority that lives as long as the test.</summary>
internal sealed class TestAuthority
{
    private readonly TestAuthority? _above;

    private TestAuthority(X509Certificate2 certificate, TestAuthority? above) => (Certificate, _above) = (certificate, above);

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    public static TestAuthority Create(string name = "test")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestOf(name, key, isAuthority: true);
        return new(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10)), null);
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Delegate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(Sign(RequestOf(name, key, isAuthority: true), key, 9), this);
    }

    /// <summary>A certificate with its key, for the given names and addresses.</summary>
    public X509Certificate2 Issue(string name, string[]? names = null, int days = 5)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestOf(name, key, isAuthority: false);
        if (names is not null)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var other in names)
            {
                if (IPAddress.TryParse(other, out var address))
                    alternatives.AddIpAddress(address);
                else
                    alternatives.AddDnsName(other);
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        return Sign(request, key, days);
    }

    /// <summary>A certificate for this machine's own address.</summary>
    public X509Certificate2 IssueForLoopback() => Issue("kubernetes", ["127.0.0.1"]);

    public static bool IsIssuedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    private static CertificateRequest RequestOf(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    // With less than no days left it is a certificate of the past.
    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, int days)
    {
        var begin = (_above ?? this).Certificate.NotBefore.ToUniversalTime();
        using var certificate = request.Create(
            Certificate, begin, days > 0 ? DateTimeOffset.UtcNow.AddDays(days) : begin.AddHours(1), Guid.NewGuid().ToByteArray());
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
