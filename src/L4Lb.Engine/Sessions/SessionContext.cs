using L4Lb.Engine.Metrics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>What every session of one shard shares.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Relaying">Buffers, pipes and byte counters.</param>
/// <param name="Sessions">The open ones.</param>
/// <param name="Counters">The shard's counters.</param>
/// <param name="Admission">The process's limit.</param>
/// <param name="Log">Receives closed sessions; null for nobody.</param>
internal sealed record SessionContext(
    Shard Shard,
    RelayResources Relaying,
    SessionRegistry Sessions,
    ShardCounters Counters,
    Admission Admission,
    ISessionLog? Log)
{
    /// <summary>Those of all shards; set once, before any shard starts.</summary>
    internal IReadOnlyList<SessionContext> All { get; set; } = [];
}
