using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// What flows ask of the world: all input and output of a <see cref="FlowTable"/>, so that it can be driven without any.
/// Called on the shard's thread; an implementation must not call the table from within these, but for
/// <see cref="Flush"/>.
/// </summary>
internal interface IFlowPort
{
    /// <summary>
    /// Opens a socket of <paramref name="flow"/>'s own, connected to its backend (<see cref="Flow.Backend"/>), and keeps
    /// it in <see cref="Flow.Socket"/>. Errors that are our own want (descriptors, memory, ports) look like any other.
    /// </summary>
    Errno Open(Flow flow);

    /// <summary>
    /// Takes <paramref name="datagram"/> for the flow's backend. It is sent at the latest by <see cref="Flush"/>, until
    /// when it stays valid and <see cref="Flow.Unsent"/> counts it; a failure is told by <see cref="FlowTable.Failed"/>.
    /// </summary>
    void Send(Flow flow, in Datagram datagram);

    /// <summary>Sends a copy that the flow kept, at once and before whatever else waits to be sent.</summary>
    Errno Resend(Flow flow, ReadOnlySpan<byte> datagram);

    /// <summary>Takes <paramref name="datagram"/> for the flow's client; valid until it is sent, which is soon.</summary>
    void Reply(Flow flow, in Datagram datagram);

    /// <summary>Sends what waits to be sent to the flow's backend. Calls <see cref="FlowTable.Failed"/>, of no other flow.</summary>
    void Flush(Flow flow);

    /// <summary>
    /// Closes <see cref="Flow.Socket"/>, if there is one. What waits to be sent to the backend stays, for the next socket
    /// of the flow; who has none any more is told to <see cref="Forget"/> it. Answers that wait to be sent to the client
    /// still are.
    /// </summary>
    void Close(Flow flow);

    /// <summary>Drops what waits to be sent to the flow's backend, and makes <see cref="Flow.Unsent"/> 0.</summary>
    void Forget(Flow flow);
}
