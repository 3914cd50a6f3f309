namespace L4Lb.K8s.Leases;

/// <summary>
/// The times of a lease. Whoever holds it acts for <see cref="RenewDeadline"/> after it sent its last renewal that was answered;
/// the others wait for <see cref="Duration"/> after they saw that renewal. What lies between the two is the time to stop in, and
/// makes up for clocks that do not run alike.
/// </summary>
internal sealed record LeaseTerms
{
    /// <summary>Pauses are longer than they should be by a factor of up to this, so that many leases do not renew at once.</summary>
    public const double Jitter = 1.2;

    /// <summary>Those of client-go: 15, 10 and 2 seconds.</summary>
    public static LeaseTerms Default { get; } = new();

    /// <summary>How long the others wait; in the Lease it is written in whole seconds, rounded up.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the holder acts without an answer to a renewal.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two renewals, two looks at somebody else's lease, or two tries.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Those for a lease of <paramref name="duration"/>: renewals may fail three times before its holder has to stop.</summary>
    public static LeaseTerms Of(TimeSpan duration) => new()
    {
        Duration = duration,
        RenewDeadline = duration * 2 / 3,
        RetryPeriod = duration / 6,
    };

    /// <summary>Why these times make no sense; null when they do.</summary>
    public string? Problem =>
        RetryPeriod <= TimeSpan.Zero ? $"the retry period must be positive, not {RetryPeriod}"
        : RenewDeadline <= RetryPeriod * Jitter ? $"the renew deadline must be longer than {Jitter} times the retry period, {RetryPeriod * Jitter}, not {RenewDeadline}"
        : Duration <= RenewDeadline ? $"the lease duration must be longer than the renew deadline, {RenewDeadline}, not {Duration}"
        : null;
}
