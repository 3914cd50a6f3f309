using L4Lb.Engine.Metrics;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Datagrams;

/// <summary>What the flows of one shard share. Everything that they know of the world besides datagrams is given here.</summary>
/// <param name="Shard">Zero-based number of the shard.</param>
/// <param name="Clock">The shard's clock.</param>
/// <param name="Timers">The shard's timers.</param>
/// <param name="Counters">The shard's counters.</param>
/// <param name="Admission">The process's limit.</param>
/// <param name="Time">Wall clock, and durations finer than a millisecond.</param>
/// <param name="Log">Receives flows that have ended; null for nobody.</param>
internal sealed record FlowContext(
    int Shard, IShardClock Clock, TimerWheel Timers, ShardCounters Counters, Admission Admission, TimeProvider Time, ISessionLog? Log)
{
    internal long NowMs => Clock.NowMs;
}
