namespace L4Lb.Host.Announcing;

/// <summary>How often and how fast. All of it in milliseconds but for <see cref="LifetimeSeconds"/>.</summary>
internal sealed record AnnounceTiming
{
    /// <summary>
    /// Probes in a row that nobody may answer before an address is taken, and probes in all after whose answers it is not.
    /// Three as in RFC 5227 §2.1.1: one frame may get lost, and the answer to another.
    /// </summary>
    public int Probes { get; init; } = 3;

    /// <summary>
    /// Time to answer a probe. RFC 5227 has one to two seconds, for bridges that learn and modems that dial; here a client
    /// waits meanwhile, and whoever holds the address answers from its kernel within a millisecond.
    /// </summary>
    public long ProbeMs { get; init; } = 100;

    /// <summary>
    /// When it is announced after it was taken. Several times, because nobody acknowledges it and a switch that learns
    /// may drop some; spaced, because what drops one drops its neighbour as well.
    /// </summary>
    public IReadOnlyList<long> AnnounceAtMs { get; init; } = [0, 100, 500, 2000];

    /// <summary>From then on, for whoever missed all of them; 0 for never.</summary>
    public long AnnounceEveryMs { get; init; } = 60_000;

    /// <summary>How often a holder who cannot confirm its lease asks whether somebody else has the address by now.</summary>
    public long WatchMs { get; init; } = 1000;

    /// <summary>Two probes within this are of somebody who is about to take the address, and not of one who only watches.</summary>
    public long ProbePairMs => 3 * ProbeMs;

    /// <summary>Least time between two answers to somebody who claims the address while we have it (RFC 5227 §2.4).</summary>
    public long DefendMs { get; init; } = 10_000;

    /// <summary>The same, when the lease says that it is ours.</summary>
    public long DefendByLeaseMs { get; init; } = 1000;

    /// <summary>First wait after a conflict; doubled with each that follows.</summary>
    public long BackOffMs { get; init; } = 1000;

    /// <summary>Longest wait after a conflict.</summary>
    public long BackOffMostMs { get; init; } = 10_000;

    /// <summary>A conflict that goes on is told again after this.</summary>
    public long TellAgainMs { get; init; } = 600_000;

    /// <summary>
    /// Seconds after which the kernel removes an address that is not put again: less than the lease, so that a holder that
    /// died is off the wire when the next one may come.
    /// </summary>
    public int LifetimeSeconds { get; init; } = 3;

    /// <summary>An address that was not put for so long may be gone.</summary>
    public long LifetimeMs => LifetimeSeconds * 1000L;

    /// <summary>How often the kernel is told to keep the address: one time may fail.</summary>
    public long RefreshMs => LifetimeMs / 3;

    /// <summary>Longest time that an address is kept for want of somebody who takes it over.</summary>
    public long HandOverMs { get; init; } = 5000;

    /// <summary>On a segment, where neighbours are asked and told.</summary>
    /// <param name="lease">Duration of the leases, whole seconds.</param>
    /// <param name="handOver">Longest time that an address is kept for want of somebody who takes it over.</param>
    public static AnnounceTiming OnLink(TimeSpan lease, TimeSpan handOver) => new()
    {
        LifetimeSeconds = LifetimeFor(lease),
        HandOverMs = (long)handOver.TotalMilliseconds,
    };

    /// <summary>By routes that somebody else makes of the addresses: nobody is asked and nobody is told.</summary>
    /// <inheritdoc cref="OnLink" path="/param"/>
    public static AnnounceTiming ByRoute(TimeSpan lease) => new()
    {
        Probes = 0,
        AnnounceAtMs = [],
        AnnounceEveryMs = 0,
        LifetimeSeconds = LifetimeFor(lease),
        HandOverMs = 0,
    };

    // Two thirds, since the kernel's second may last 1.4, and the last renewal may be some time before the last refresh.
    private static int LifetimeFor(TimeSpan lease) => Math.Max((int)(lease.TotalSeconds * 2 / 3), 1);
}
