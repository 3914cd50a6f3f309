using L4Lb.Host.Announcing;

namespace L4Lb.Host.Admin;

/// <summary>One announced address in <c>/api/v1/addresses</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="State">What this instance does about it: an <see cref="AddressState"/>, as <c>holding</c> or <c>backingOff</c>.</param>
/// <param name="Holder">Who has its lease, as far as is known; null for nobody, or without leases.</param>
/// <param name="Since">Since when the state is what it is, UTC.</param>
/// <param name="Reason">Why; null when there is nothing to say.</param>
internal sealed record AddressAnswer(string Address, string State, string? Holder, DateTime Since, string? Reason)
{
    /// <summary>What is known of <paramref name="status"/>.</summary>
    public static AddressAnswer Of(AddressStatus status) => new(
        status.Address.ToString(),
        WordOf.Value(status.State),
        status.Holder,
        status.SinceUtc,
        status.Reason.Length > 0 ? status.Reason : null);
}
