using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace L4Lb.Host.Client;

/// <summary>The connections of a client to an instance: by TCP, TLS or a unix socket.</summary>
internal static class AdminHandler
{
    /// <summary>Makes what connects as <paramref name="settings"/> say.</summary>
    /// <exception cref="ClientException">A file cannot be read.</exception>
    public static SocketsHttpHandler Create(ClientSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false, // A token is for the instance alone.
            UseCookies = false,
        };
        if (settings.Address.SocketPath is { } path)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(path, cancellation);
        }

        if (settings.CaFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(file) };
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        // Those of a few machines of one's own have no list of what is revoked.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw ClientException.Unreachable($"--ca-file {file}: {e.Message}");
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw ClientException.Unreachable($"--ca-file {file}: has no certificate");
    }
}
