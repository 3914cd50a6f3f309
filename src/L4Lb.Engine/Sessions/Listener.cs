using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Sessions;

/// <summary>One listening TCP socket on one shard: tells the acceptor when somebody waits. Shard thread only.</summary>
internal sealed class Listener(Acceptor acceptor, int fd, ListenerTarget target) : ServiceListener(fd, target)
{
    /// <summary>Not watched for the moment.</summary>
    internal bool IsPaused { get; set; }

    internal override void OnEvents(EpollEvents events) => acceptor.Accept(this);
}
