using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Shards;

/// <summary>Something with a descriptor that a shard's poller watches. Shard thread only, once registered.</summary>
internal abstract class PollTarget(int fd)
{
    /// <summary>The descriptor; -1 once closed.</summary>
    internal int Fd { get; set; } = fd;

    /// <summary>
    /// Which registration of this descriptor number is meant: the number is reused as soon as it is closed, and a
    /// batch of events may still hold one for its former owner.
    /// </summary>
    internal uint Generation { get; set; }

    /// <summary>Called with what the poller saw.</summary>
    internal abstract void OnEvents(EpollEvents events);
}
