using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>What a <see cref="TestPort"/> gives a flow in place of a socket.</summary>
internal sealed class TestSocket(Flow flow) : PollTarget(fd: 0)
{
    internal Flow Flow { get; } = flow;

    internal Backend Backend { get; } = flow.Backend!;

    /// <summary>Where it stands among the open ones; -1 once closed.</summary>
    internal int Place { get; set; } = -1;

    internal bool IsOpen => Place >= 0;

    /// <summary>What the next send is told of an earlier one, as the kernel does (SO_ERROR of a connected UDP socket).</summary>
    internal Errno Pending { get; set; }

    /// <summary>Datagrams sent by it.</summary>
    internal int Sent { get; set; }

    internal override void OnEvents(EpollEvents events) => throw new InvalidOperationException("nobody polls");
}
