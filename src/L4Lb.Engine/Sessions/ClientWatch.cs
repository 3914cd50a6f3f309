using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Notices that a client leaves while nobody reads from it, because it waits for a backend. Registering the socket so
/// early costs a quarter of the rate of short connections, so only those are watched who wait for long anyway.
/// Shard thread only.
/// </summary>
internal sealed class ClientWatch(PolledSocket client, Action onLeft)
{
    /// <summary>Begins. Calls back from the event loop, at most once, and never from here.</summary>
    internal void Begin()
    {
        // A client that cannot be watched is found out later: by its timeout, or by the relay.
        _ = client.Watch();
        client.OnReadable(Look);
    }

    /// <summary>Ends; the socket stays registered for the relay.</summary>
    internal void End() => client.OnReadable(null);

    private void Look()
    {
        if (client.HasPeerLeft)
        {
            onLeft();
        }
        else
        {
            client.OnReadable(Look);
        }
    }
}
