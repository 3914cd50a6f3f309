namespace L4Lb.K8s.Leases;

/// <summary>Where a candidate stands with a lease.</summary>
internal enum LeaseStanding
{
    /// <summary>Somebody else holds it, or nobody does, or it is not known yet.</summary>
    Candidate,

    /// <summary>It is ours: nobody else holds it at this moment.</summary>
    Held,

    /// <summary>
    /// It was ours, our renewals are not answered, and nothing says that somebody else has it. Whoever acts on in this state may not
    /// be alone.
    /// </summary>
    Unconfirmed,
}

/// <summary>How it is with a lease, for operators and for those who hold it.</summary>
/// <param name="Standing">Where we stand.</param>
/// <param name="Since">Since when, by the clock on the wall.</param>
/// <param name="Holder">Who holds it as far as is known; empty for nobody, or unknown.</param>
/// <param name="Transitions">How often it went to another holder.</param>
/// <param name="Problem">What went wrong with the last request; null when nothing did.</param>
internal sealed record LeaseStatus(LeaseStanding Standing, DateTimeOffset Since, string Holder, int Transitions, string? Problem);
