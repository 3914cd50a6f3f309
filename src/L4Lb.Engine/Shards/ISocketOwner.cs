namespace L4Lb.Engine.Shards;

/// <summary>Whoever must learn of a socket's death although nobody awaits it.</summary>
internal interface ISocketOwner
{
    /// <summary>The poller reported an error on <paramref name="socket"/>. Called after its waiters were resumed.</summary>
    void OnSocketError(PolledSocket socket);
}
