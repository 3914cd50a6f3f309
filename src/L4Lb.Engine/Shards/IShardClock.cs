namespace L4Lb.Engine.Shards;

/// <summary>What time it is on a shard.</summary>
internal interface IShardClock
{
    /// <summary>Monotonic milliseconds, the same throughout a turn of the loop.</summary>
    long NowMs { get; }
}
