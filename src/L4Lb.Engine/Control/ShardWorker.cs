using L4Lb.Engine.Metrics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Control;

/// <summary>A shard with everything that works on it.</summary>
internal sealed class ShardWorker : IDisposable
{
    private readonly RelayResources _relaying;

    internal ShardWorker(int index, LoadBalancerOptions options, Admission admission, int pipesMost)
    {
        Shard = new Shard(index);
        Counters = new ShardCounters(Enum.GetValues<CloseReason>().Length);
        _relaying = new RelayResources(Shard, Counters, options.RelayBufferBytes, pipesMost, options.Splice);
        Sessions = new SessionRegistry();
        Context = new SessionContext(Shard, _relaying, Sessions, Counters, admission, options.SessionLog);
        Acceptor = new Acceptor(Context);
    }

    internal SessionContext Context { get; }

    internal Shard Shard { get; }

    internal ShardCounters Counters { get; }

    internal SessionRegistry Sessions { get; }

    internal Acceptor Acceptor { get; }

    /// <summary>Copy buffers and pipes that a session holds now; zero when none is relaying.</summary>
    internal int RelayResourcesRented => _relaying.Buffers.Rented + _relaying.Pipes.Rented;

    public void Dispose()
    {
        Shard.Dispose();
        Acceptor.Close();
        _relaying.Dispose();
    }
}
