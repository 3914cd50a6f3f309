using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>One bound socket on one shard, and whom its clients get. Shard thread only, but for the target.</summary>
internal abstract class ServiceListener(int fd, ListenerTarget target) : PollTarget(fd)
{
    // Written by the control plane, read by the shard.
    private volatile ListenerTarget _target = target;

    /// <summary>Whom a client of this socket gets; a reload may point it elsewhere without closing it.</summary>
    internal ListenerTarget Target
    {
        get => _target;
        set => _target = value;
    }
}
