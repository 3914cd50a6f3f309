using L4Lb.Engine;

namespace L4Lb.Host.State;

/// <summary>What the keeper needs of a <see cref="LoadBalancer"/>; tests stand in for it.</summary>
internal interface IAffinityTables
{
    /// <inheritdoc cref="LoadBalancer.AffinityLookups"/>
    long Lookups { get; }

    /// <inheritdoc cref="LoadBalancer.ExportAffinity"/>
    IEnumerable<AffinityTableState> Export(int maxEntries);

    /// <inheritdoc cref="LoadBalancer.RestoreAffinity"/>
    void Restore(IReadOnlyList<AffinityTableState> tables);
}

/// <summary>The engine as the keeper sees it.</summary>
internal sealed class EngineAffinityTables(LoadBalancer engine) : IAffinityTables
{
    public long Lookups => engine.AffinityLookups;

    public IEnumerable<AffinityTableState> Export(int maxEntries) => engine.ExportAffinity(maxEntries);

    public void Restore(IReadOnlyList<AffinityTableState> tables) => engine.RestoreAffinity(tables);
}
