using System.Runtime.CompilerServices;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Relaying;

/// <summary>
/// Moves bytes both ways until both ends have finished, and joins what the two directions came to into one outcome.
/// Shard thread only.
/// </summary>
/// <remarks>
/// A FIN is passed on once everything before it is written, and the opposite direction goes on. A reset ends both at
/// once: bytes in flight are lost, as they would be without us.
/// </remarks>
internal sealed class Relay : ISocketOwner
{
    private readonly RelayResources _resources;
    private readonly PolledSocket _client;
    private readonly PolledSocket _backend;
    private readonly TrafficCounters _ofService;
    private readonly TrafficCounters _ofBackend;
    private readonly RelayDirection _fromClient;
    private readonly RelayDirection _fromBackend;
    private RelayOutcome _outcome = RelayOutcome.Completed;

    /// <param name="resources">The shard's.</param>
    /// <param name="client">The client's socket.</param>
    /// <param name="backend">The backend's.</param>
    /// <param name="ofService">Where bytes count for the service.</param>
    /// <param name="ofBackend">Where they count for the backend.</param>
    /// <param name="observer">Is told of what is received; null for nobody.</param>
    internal Relay(
        RelayResources resources, PolledSocket client, PolledSocket backend, TrafficCounters ofService, TrafficCounters ofBackend,
        IRelayObserver? observer = null)
    {
        (_resources, _client, _backend, Observer) = (resources, client, backend, observer);
        (_ofService, _ofBackend) = (ofService, ofBackend);
        _fromClient = new RelayDirection(this, resources, client, backend, fromClient: true);
        _fromBackend = new RelayDirection(this, resources, backend, client, fromClient: false);
        (client.Owner, backend.Owner) = (this, this);
        Touch();
    }

    /// <summary>Is told of what is received; null for nobody.</summary>
    internal IRelayObserver? Observer { get; }

    /// <summary>When a byte last moved, in the shard's milliseconds.</summary>
    internal long LastActivityMs { get; private set; }

    /// <summary>One direction has finished and the other has not.</summary>
    internal bool IsHalfClosed => _fromClient.IsFinished != _fromBackend.IsFinished;

    /// <summary>The relay ended with bytes that were read and not written.</summary>
    internal bool HoldsBytes { get; private set; }

    /// <summary>Bytes handed to the backend.</summary>
    internal long BytesFromClient => _fromClient.Bytes;

    /// <summary>Bytes handed to the client.</summary>
    internal long BytesFromBackend => _fromBackend.Bytes;

    /// <summary>
    /// Hands the backend what goes before everything that is read from the client; before <see cref="RunAsync"/>, which
    /// tells how it went.
    /// </summary>
    /// <param name="length">How many bytes, at the beginning of the shard's shared buffer.</param>
    /// <param name="foreign">How many of them, the first ones, are ours and not the client's.</param>
    internal void Begin(int length, int foreign) => _fromClient.Begin(length, foreign);

    /// <summary>Relays until it is over.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<RelayOutcome> RunAsync()
    {
        // Both start at once; a failure of either aborts both sockets, so waiting for one after the other is enough.
        // The client is watched only now, after the first read, which usually finds its request: a socket that is
        // already drained reports nothing, and one event less matters to short connections.
        var fromClient = _fromClient.RunAsync();
        if (_client.Watch() != Errno.None)
        {
            Abort();
        }

        var fromBackend = _fromBackend.RunAsync();
        await fromClient;
        await fromBackend;
        HoldsBytes = _fromClient.LeftBytes || _fromBackend.LeftBytes;
        return _outcome;
    }

    /// <summary>Ends both directions from outside.</summary>
    internal void Abort()
    {
        if (_outcome == RelayOutcome.Completed)
        {
            _outcome = RelayOutcome.Aborted;
        }

        _client.Abort();
        _backend.Abort();
    }

    /// <summary>Bytes were handed over.</summary>
    internal void Count(int bytes, bool fromClient)
    {
        Touch();
        _resources.Counters.AddBytes(bytes, fromClient);
        _ofService.AddBytes(bytes, fromClient);
        _ofBackend.AddBytes(bytes, fromClient);
    }

    internal void Touch() => LastActivityMs = _resources.Shard.NowMs;

    /// <summary>A direction has handed over its source's last byte: pass the FIN on, unless both sockets close now anyway.</summary>
    internal void Finish(RelayDirection direction, PolledSocket target)
    {
        // The half-close timeout counts from here, not from the last byte, which may be long ago.
        Touch();
        var other = direction == _fromClient ? _fromBackend : _fromClient;
        if (!other.IsFinished)
        {
            SocketIo.ShutdownSend(target.Fd);
        }
    }

    /// <summary>A direction found one side gone.</summary>
    internal void Fail(bool clientFailed)
    {
        if (_outcome == RelayOutcome.Completed)
        {
            _outcome = clientFailed ? RelayOutcome.ClientReset : RelayOutcome.BackendReset;
        }

        _client.Abort();
        _backend.Abort();
    }

    /// <summary>
    /// A side was reset from which nobody reads now: it had finished, or its direction waits for the other side to make
    /// room. Nobody else would notice, and the other side would wait for its timeout. Whoever reads gets what came
    /// before the reset first, and finds out then.
    /// </summary>
    public void OnSocketError(PolledSocket socket)
    {
        var direction = socket == _client ? _fromClient : _fromBackend;
        if (direction.IsFinished || direction.IsBlocked)
        {
            Fail(clientFailed: socket == _client);
        }
    }
}

/// <summary>How a relay ended.</summary>
internal enum RelayOutcome
{
    /// <summary>Both sides finished in order.</summary>
    Completed,

    /// <summary>The client was gone.</summary>
    ClientReset,

    /// <summary>The backend was gone.</summary>
    BackendReset,

    /// <summary>Ended from outside.</summary>
    Aborted,
}
