using L4Lb.Engine.Metrics;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Relaying;

/// <summary>What every relay of one shard shares. Shard thread only.</summary>
internal sealed class RelayResources(Shard shard, ShardCounters counters, int bufferBytes, int pipesMost, bool splice)
    : IDisposable
{
    // What goes before a stream is put together in one buffer: a PROXY protocol header and the first bytes after one.
    private const int LeastBufferBytes = 16 * 1024;

    /// <summary>The shard, for its clock and its turns.</summary>
    internal Shard Shard { get; } = shard;

    /// <summary>Where bytes are counted.</summary>
    internal ShardCounters Counters { get; } = counters;

    /// <summary>Copy buffers.</summary>
    internal BufferPool Buffers { get; } = new(Math.Max(bufferBytes, LeastBufferBytes));

    /// <summary>Splice pipes.</summary>
    internal PipePool Pipes { get; } = new(pipesMost);

    /// <summary>Whether bulk may be spliced; cleared when the kernel turns out not to be able to.</summary>
    internal bool CanSplice { get; set; } = splice;

    public void Dispose()
    {
        Buffers.Dispose();
        Pipes.Dispose();
    }
}
