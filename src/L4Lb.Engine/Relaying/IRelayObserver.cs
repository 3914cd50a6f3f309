namespace L4Lb.Engine.Relaying;

/// <summary>Is told of what a relay receives; for whoever measures backends. Shard thread only.</summary>
internal interface IRelayObserver
{
    /// <summary>Bytes were received and are about to be handed over. Called per read: it must not allocate.</summary>
    void Received(int bytes, bool fromClient);
}
