using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace L4Lb.Host.ProxyHealth;

/// <summary>
/// A web server whose ports come and go, each with answers of its own. One Kestrel for all of them: a Kestrel has a thread and
/// timers, and cannot give up a port; so it gets its connections from here, and the ports are ours.
/// </summary>
internal sealed class PortServer : IAsyncDisposable
{
    /// <summary>Health checks of a few load balancers, from each of their machines, for many services.</summary>
    private const int MaxConnections = 4096;

    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    // A checker that wants to keep its connection asks more often than this.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_headers = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly Connections _connections;
    private readonly SocketConnectionContextFactory _factory = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    private PortServer(WebApplication app, Connections connections) => (_app, _connections) = (app, connections);

    /// <summary>Starts without any port.</summary>
    public static async Task<PortServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var connections = new Connections();
        var app = QuietWeb.Build(
            static kestrel =>
            {
                kestrel.Limits.MaxConcurrentConnections = MaxConnections;
                kestrel.Limits.KeepAliveTimeout = s_keepAlive;
                kestrel.Limits.RequestHeadersTimeout = s_headers;
                kestrel.Listen(AnyPort.Instance, static listen => listen.Protocols = HttpProtocols.Http1);
            },
            services => services.AddSingleton<IConnectionListenerFactory>(connections));
        app.Run(static context => context.Features.Get<OpenPort>()!.Answer(context));
        await app.StartAsync(cancellationToken);
        return new PortServer(app, connections);
    }

    /// <summary>Opens a port; disposing of it closes it. Any thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be listened on.</exception>
    public OpenPort Open(IPEndPoint endPoint, RequestDelegate answer) => new(endPoint, answer, _factory, _connections.Accepted);

    /// <summary>Ends all connections. Ports are closed by those who opened them.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_stopTimeout);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _factory.Dispose();
    }

    /// <summary>The only place that Kestrel knows to listen on.</summary>
    private sealed class AnyPort : EndPoint
    {
        public static AnyPort Instance { get; } = new();

        public override string ToString() => "any";
    }

    /// <summary>What the ports accept, as if it was of one listener.</summary>
    private sealed class Connections : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
    {
        private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

        public ChannelWriter<ConnectionContext> Accepted => _accepted.Writer;

        public EndPoint EndPoint => AnyPort.Instance;

        public bool CanBind(EndPoint endpoint) => endpoint is AnyPort;

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_accepted.Reader.TryRead(out var connection))
                {
                    return connection;
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _accepted.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
