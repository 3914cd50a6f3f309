using System.Net;

namespace L4Lb.Host.Demo;

/// <summary>An HTTP server that answers every request with its own name.</summary>
internal sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoBackend(string name, WebApplication app) => (Name, _app) = (name, app);

    /// <summary>The name that it answers with.</summary>
    public string Name { get; }

    /// <summary>Starts one at <paramref name="address"/>.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<EchoBackend> StartAsync(string name, IPEndPoint address, CancellationToken cancellationToken)
    {
        var app = QuietWeb.Build(kestrel => kestrel.Listen(address));
        app.MapGet("/{**path}", () => TypedResults.Text($"{name}\n"));
        await app.StartAsync(cancellationToken);
        return new EchoBackend(name, app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
