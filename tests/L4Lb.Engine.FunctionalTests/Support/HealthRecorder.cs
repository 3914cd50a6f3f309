using System.Collections.Concurrent;
using L4Lb.Engine.Health;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>Keeps every change of health.</summary>
internal sealed class HealthRecorder : IHealthLog
{
    private readonly ConcurrentQueue<HealthChange> _changes = new();

    internal IReadOnlyCollection<HealthChange> Changes => _changes;

    public void Changed(in HealthChange change) => _changes.Enqueue(change);

    /// <summary>The first change of <paramref name="backend"/> to <paramref name="state"/> after <paramref name="sinceUtc"/>.</summary>
    internal async Task<HealthChange> WaitAsync(LoopbackBackend backend, HealthState state, DateTime sinceUtc = default)
    {
        bool IsIt(HealthChange change) =>
            change.Backend == AddressKey.From(backend.EndPoint) && change.To == state && change.AtUtc >= sinceUtc;

        await Eventually.HoldsAsync(() => _changes.Any(IsIt), () => $"{backend.EndPoint} is not {state}: {string.Join(", ", _changes)}");
        return _changes.First(IsIt);
    }
}
