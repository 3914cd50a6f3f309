using L4Lb.Engine;
using L4Lb.Host.Addresses;
using L4Lb.Host.Journal;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API tells of, and acts on. Everything in it may be used from any thread.</summary>
/// <param name="Status">How the instance fares.</param>
/// <param name="Engine">The data plane.</param>
/// <param name="Addresses">The services' addresses.</param>
/// <param name="Journal">What happened.</param>
internal sealed record AdminSources(InstanceStatus Status, LoadBalancer Engine, IAddressHolder Addresses, EventJournal Journal)
{
    /// <summary>
    /// Loads the configuration again; tells how it went when it is in force, or refused. Null while there is nothing to load.
    /// </summary>
    public Func<string, CancellationToken, Task<LoadOutcome>>? Reload { get; set; }

    /// <summary>The address pools and who waits for an address.</summary>
    public Func<PoolsAnswer> Pools { get; init; } = static () => PoolsAnswer.None;

    /// <summary>Collects metrics; null when they are not to be had here.</summary>
    public Scraper? Metrics { get; init; }

    /// <summary>When the process began, UTC.</summary>
    public DateTime Started { get; init; } = DateTime.UtcNow;
}
