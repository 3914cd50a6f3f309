using System.Net;

namespace L4Lb.Host.Admin;

/// <summary>
/// How often an address may be wrong: ten times, and from then on once in six seconds. An IPv6 client has a whole /64 to come from,
/// which counts as one. Thread-safe.
/// </summary>
internal sealed class FailureLimit(TimeProvider time)
{
    private const int Burst = 10;

    // Addresses that are remembered; beyond that those who were wrong longest ago are forgotten.
    private const int Most = 10_000;

    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, DateTimeOffset> _paidUntil = [];

    /// <summary>How long an address has to wait until it may try again; null when it may.</summary>
    public TimeSpan? WaitFor(IPAddress address)
    {
        lock (_lock)
        {
            return _paidUntil.TryGetValue(KeyOf(address), out var paid) && paid - time.GetUtcNow() - (s_each * (Burst - 1)) is var wait
                && wait > TimeSpan.Zero
                ? wait
                : null;
        }
    }

    /// <summary>An address was wrong.</summary>
    public void Add(IPAddress address)
    {
        var (key, now) = (KeyOf(address), time.GetUtcNow());
        lock (_lock)
        {
            var paid = _paidUntil.GetValueOrDefault(key);
            _paidUntil[key] = (paid > now ? paid : now) + s_each;
            if (_paidUntil.Count > Most)
            {
                foreach (var old in _paidUntil.OrderBy(static p => p.Value).Take(Most / 10).Select(static p => p.Key).ToList())
                {
                    _paidUntil.Remove(old);
                }
            }
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        var key = Engine.Desired.AddressKey.From(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, 0);
        return key.IsIPv4 ? key.Address : key.Address >> 64;
    }
}
