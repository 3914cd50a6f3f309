using System.Net.Sockets;
using L4Lb.Host.Running;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace L4Lb.Host.Admin;

/// <summary>The HTTP server of the admin API. It answers while the data plane lives, and is no part of it.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _socketPath;

    private AdminServer(WebApplication app, string? socketPath) => (_app, _socketPath) = (app, socketPath);

    /// <summary>Where it listens in fact; ports that were 0 are filled in.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts to listen.</summary>
    /// <exception cref="StartFailedException">It cannot; the message names the address and what would help.</exception>
    public static async Task<AdminServer> StartAsync(
        AdminSettings settings, InstanceStatus status, ILoggerFactory logs, CancellationToken cancellationToken = default)
    {
        var address = settings.Address;
        var token = BearerToken.ReadFor(settings);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Nothing of the working folder or its settings files is any of the admin API's business.
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AdminJson.Default));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 256; // Readers of a status, not clients of a service.
            if (address.SocketPath is { } path)
            {
                RemoveStaleSocket(path);
                kestrel.ListenUnixSocket(path);
            }
            else
            {
                kestrel.Listen(address.EndPoint!);
            }
        });

        var app = builder.Build();
        AdminEndpoints.Map(app, status, token);
        try
        {
            await app.StartAsync(cancellationToken);
            return new AdminServer(app, address.SocketPath);
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException or UnauthorizedAccessException)
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
        // What is still asked at the end is answered or cut within this.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        if (_socketPath is not null)
        {
            File.Delete(_socketPath);
        }
    }

    /// <summary>Leaves the signals alone: they are the process's, and the admin API outlives the first of them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A socket file that a crash left behind refuses the bind; one that answers belongs to somebody.</summary>
    private static void RemoveStaleSocket(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(
            AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
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
