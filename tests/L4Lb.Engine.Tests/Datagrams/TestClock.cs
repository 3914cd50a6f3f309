using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>A shard's clock and the wall's, which stand still until they are set.</summary>
internal sealed class TestClock(long nowMs) : TimeProvider, IShardClock
{
    public long NowMs { get; set; } = nowMs;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => NowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(NowMs);
}
