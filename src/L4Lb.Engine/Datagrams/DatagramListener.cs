using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// One bound UDP socket on one shard: tells the receiver when datagrams wait, and is what answers leave by. Shard thread
/// only, but for the target.
/// </summary>
internal sealed class DatagramListener(DatagramReceiver? receiver, int fd, ListenerTarget target) : ServiceListener(fd, target)
{
    /// <summary>
    /// It takes nothing new, and is open only for the answers to what came before: closed with the last of its flows.
    /// </summary>
    internal bool IsClosing { get; set; }

    /// <summary>Datagrams of the same size can be sent as one.</summary>
    internal bool Segments { get; set; }

    /// <summary>Flows that answer by it.</summary>
    internal int Flows { get; set; }

    internal override void OnEvents(EpollEvents events) => receiver?.Receive(this);

    /// <summary>A flow that answered by it is over.</summary>
    internal void Release()
    {
        if (--Flows == 0 && IsClosing)
        {
            receiver?.Close(this);
        }
    }
}
