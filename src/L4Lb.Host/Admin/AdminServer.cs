using System.Net.Sockets;
using L4Lb.Host.Running;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace L4Lb.Host.Admin;

/// <summary>The HTTP server of the admin API. It answers while the data plane lives, and is no part of it.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    /// <summary>Readers of a status, not clients of a service.</summary>
    private const int MaxConnections = 256;

    /// <summary>The largest thing that anybody has to say is a weight.</summary>
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>What is still asked at the end is answered within this, or cut.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private AdminServer(WebApplication app) => _app = app;

    /// <summary>Where it listens in fact; a port that was 0 is filled in.</summary>
    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts to listen.</summary>
    /// <exception cref="StartFailedException">It cannot; the message names the address and what would help.</exception>
    public static async Task<AdminServer> StartAsync(
        AdminSettings settings, AdminSources sources, ILoggerFactory logs, CancellationToken cancellationToken = default)
    {
        var address = settings.Address;
        var audit = new AuditLog(logs.CreateLogger("L4Lb"));
        var guard = AccessTokens.ReadFor(settings) is { } tokens ? new AccessGuard(tokens, audit, TimeProvider.System) : null;
        var certificate = AdminCertificate.ReadFor(settings);
        var app = QuietWeb.Build(kestrel => Listen(kestrel, address, certificate), services => services
            .AddSingleton(logs)
            .ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AdminJson.Default))
            .AddOpenApi(AdminDocument.Describe));
        AdminEndpoints.Map(app, sources, audit, guard);
        try
        {
            await app.StartAsync(cancellationToken);
            return new AdminServer(app);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            throw new StartFailedException(
                $"the admin API cannot listen on {address}: {e.GetBaseException().Message}; give another --admin ADDRESS:PORT, or --admin none",
                e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_stopTimeout);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, AdminAddress address, AdminCertificate? certificate)
    {
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        if (address.SocketPath is { } path)
        {
            RemoveStaleSocket(path);
            kestrel.ListenUnixSocket(path);
        }
        else
        {
            kestrel.Listen(address.EndPoint!, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
                }
            });
        }
    }

    /// <summary>A socket file that a crash left behind would refuse the bind; one that answers belongs to somebody.</summary>
    private static void RemoveStaleSocket(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }
}
