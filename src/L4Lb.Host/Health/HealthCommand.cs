using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Health;

/// <summary>
/// <c>l4lb health</c>: whether an instance on this machine serves. For health checks of containers, whose image has no
/// program that could ask.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Asks, says what it heard, and returns the exit code.</summary>
    public static async Task<int> RunAsync(HealthSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(settings.Timeout);
        try
        {
            using var client = new HttpClient(Handler(settings)) { Timeout = Timeout.InfiniteTimeSpan };
            var scheme = settings.CertificateFile is null ? "http" : "https";
            using var response = await client.GetAsync($"{scheme}://{Authority(settings)}/readyz", deadline.Token);
            context.Out.WriteLine(await response.Content.ReadAsStringAsync(deadline.Token));
            return response.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine($"l4lb: {settings.Admin} did not answer within {settings.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or CryptographicException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"l4lb: {settings.Admin}: {(e.InnerException ?? e).Message}");
        }

        return ExitCode.Failed;
    }

    private static SocketsHttpHandler Handler(HealthSettings settings)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (settings.Admin.SocketPath is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        if (settings.CertificateFile is { } file)
        {
            // Whatever names it is for, it is the one that this machine was given.
            var known = X509Certificate2.CreateFromPem(File.ReadAllText(file)).GetCertHash(HashAlgorithmName.SHA256);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && known.AsSpan().SequenceEqual(certificate.GetCertHash(HashAlgorithmName.SHA256));
        }

        return handler;
    }

    /// <summary>Who listens on every address does so on loopback, too.</summary>
    private static string Authority(HealthSettings settings) => settings.Admin.EndPoint switch
    {
        null => "localhost",
        { Address: var any } at when any.Equals(IPAddress.Any) => $"127.0.0.1:{at.Port}",
        { Address: var any } at when any.Equals(IPAddress.IPv6Any) => $"[::1]:{at.Port}",
        var at => at.ToString(),
    };
}
