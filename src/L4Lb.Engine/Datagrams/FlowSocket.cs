using L4Lb.Engine.Interop;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// A flow's connection to its backend: by having one each, the kernel tells flows apart and says to which of them an
/// ICMP message belongs. Shard thread only.
/// </summary>
internal sealed class FlowSocket(FlowPort port, Flow flow, int fd, bool segments) : PollTarget(fd)
{
    /// <summary>Datagrams of the same size can be sent as one.</summary>
    internal bool Segments { get; set; } = segments;

    /// <summary>The backend has been sent a PROXY protocol header.</summary>
    internal bool SentHeader { get; set; }

    internal override void OnEvents(EpollEvents events) => port.OnEvents(flow, this, events);
}
