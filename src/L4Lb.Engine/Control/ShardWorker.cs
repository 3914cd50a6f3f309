using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Control;

/// <summary>A shard with everything that works on it.</summary>
internal sealed class ShardWorker : IDisposable
{
    private readonly RelayResources _relaying;
    private readonly FlowPort _port;
    private readonly DatagramReceiver _receiver;
    private readonly bool _offload;

    internal ShardWorker(int index, LoadBalancerOptions options, Admission admission, int pipesMost)
    {
        Shard = new Shard(index);
        Counters = new ShardCounters();
        _relaying = new RelayResources(Shard, Counters, options.RelayBufferBytes, pipesMost, options.Splice);
        Sessions = new SessionRegistry();
        Context = new SessionContext(Shard, _relaying, Sessions, Counters, admission, options.SessionLog);
        Acceptor = new Acceptor(Context);

        _offload = options.UdpOffload;
        _port = new FlowPort(Shard, Counters, _offload);
        Flows = new FlowTable(
            new FlowContext(index, Shard, Shard.Timers, Counters, admission, TimeProvider.System, options.SessionLog), _port);
        _port.Table = Flows;
        _receiver = new DatagramReceiver(Shard, Flows, _port, Counters);
        Inspector = new ShardInspector(Shard, Sessions, Flows);
    }

    internal SessionContext Context { get; }

    internal Shard Shard { get; }

    internal ShardCounters Counters { get; }

    internal SessionRegistry Sessions { get; }

    internal Acceptor Acceptor { get; }

    internal FlowTable Flows { get; }

    internal ShardInspector Inspector { get; }

    /// <summary>Copy buffers, pipes and kept datagrams that sessions and flows hold now; zero when none is open.</summary>
    internal int BuffersRented => _relaying.Buffers.Rented + _relaying.Pipes.Rented + Flows.Kept.Rented;

    /// <summary>A listener of this shard on a bound socket; it is not watched yet.</summary>
    internal ServiceListener Listen(int fd, ListenerTarget target, bool isUdp) => isUdp
        ? new DatagramListener(_receiver, fd, target) { Segments = _offload }
        : new Listener(Acceptor, fd, target);

    /// <summary>Begins to watch a listener. Shard thread only.</summary>
    internal void Add(ServiceListener listener) =>
        _ = listener is DatagramListener datagrams ? _receiver.Add(datagrams) : Acceptor.Add((Listener)listener);

    /// <summary>Closes a listener. Shard thread only.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="finish">Of UDP: once its clients have the answers that they await.</param>
    internal void Remove(ServiceListener listener, bool finish)
    {
        switch (listener)
        {
            case DatagramListener datagrams when finish:
                _receiver.Finish(datagrams);
                break;
            case DatagramListener datagrams:
                _receiver.Remove(datagrams);
                break;
            default:
                Acceptor.Remove((Listener)listener);
                break;
        }
    }

    public void Dispose()
    {
        Shard.Dispose();
        Acceptor.Close();
        _relaying.Dispose();
        _receiver.Dispose();
        _port.Dispose();
    }
}
