using L4Lb.Engine.Interop;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>A request as its client sees it. Reused; for one thread.</summary>
internal sealed class LiveRequest(int slot)
{
    /// <summary>The same request as simulations have it, for what measures both.</summary>
    internal Request Data;

    internal int Slot => slot;

    /// <summary>Its socket; -1 while the place is free.</summary>
    internal int Descriptor = -1;

    /// <summary>Tells events of its socket from those of others that had the place.</summary>
    internal uint Generation;

    /// <summary>The request is on its way.</summary>
    internal bool IsSent;

    /// <summary>Bytes of the answer so far.</summary>
    internal int Received;

    /// <summary>The beginning of the answer.</summary>
    internal readonly byte[] Head = new byte[LiveMessage.Length];
}

/// <summary>Where a request is at its backend.</summary>
internal enum ConversationPhase
{
    /// <summary>The place is free.</summary>
    Free,

    /// <summary>Nothing, or not all, has come.</summary>
    Reading,

    /// <summary>It asks whether the backend is well, and gets no answer before the world goes on.</summary>
    Held,

    /// <summary>It waits for a worker.</summary>
    Waiting,

    /// <summary>A worker serves it.</summary>
    Serving,

    /// <summary>It was given up while it waited.</summary>
    GivenUp,

    /// <summary>The answer is on its way.</summary>
    Answering,
}

/// <summary>A request as its backend sees it. Reused; for one thread.</summary>
internal sealed class Conversation(int slot)
{
    internal int Slot => slot;

    internal LiveBackend Backend = null!;

    /// <summary>The connection; of UDP the backend's own socket.</summary>
    internal int Descriptor = -1;

    /// <summary>Whom a datagram came from.</summary>
    internal SocketAddress From;

    internal uint Generation;

    internal ConversationPhase Phase;

    /// <summary>Bytes of the request so far.</summary>
    internal int Received;

    internal readonly byte[] Head = new byte[LiveMessage.Length];

    /// <summary>The request.</summary>
    internal Request Data;

    internal LiveMessage Message;

    /// <summary>Bytes of the answer that are to be sent yet.</summary>
    internal int Unsent;
}
