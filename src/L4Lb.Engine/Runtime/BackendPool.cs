using System.Collections.Frozen;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Runtime;

/// <summary>
/// The backends of one traffic policy, those that may not serve now included, with the scheduler compiled for them.
/// Immutable.
/// </summary>
internal sealed class BackendPool
{
    private readonly Backend[] _backends;
    private readonly int[] _weights;
    private readonly int _weightScale;
    private readonly FrozenDictionary<AddressKey, int> _byAddress;
    private readonly FrozenDictionary<UInt128, int> _byHost;

    /// <param name="backends">The backends, in the order of the spec.</param>
    /// <param name="weights">Their weights now; 0 may not serve.</param>
    /// <param name="scheduler">Compiled for exactly these.</param>
    /// <param name="indexed">Whether they must be found by address, as affinity does.</param>
    /// <param name="weightScale">What the weights were multiplied with to make room for parts.</param>
    internal BackendPool(Backend[] backends, int[] weights, IScheduler scheduler, bool indexed, int weightScale = 1)
    {
        _weightScale = weightScale;
        _backends = backends;
        _weights = weights;
        Count = weights.Count(static weight => weight > 0);
        Scheduler = scheduler;
        var entries = indexed ? backends.Select((backend, index) => (backend.Address, index)).ToArray() : [];
        _byAddress = entries.ToFrozenDictionary(e => e.Address, e => e.index);
        _byHost = entries.DistinctBy(e => e.Address.Address).ToFrozenDictionary(e => e.Address.Address, e => e.index);
    }

    /// <summary>Chooses among them.</summary>
    internal IScheduler Scheduler { get; }

    /// <summary>Number of backends that may serve.</summary>
    internal int Count { get; }

    /// <summary>Nobody may serve.</summary>
    internal bool IsEmpty => Count == 0;

    /// <summary>Every backend with its weight now, in the unit that it was asked in.</summary>
    internal IEnumerable<(Backend Backend, double Weight)> Weights =>
        _backends.Zip(_weights, (backend, weight) => (backend, (double)weight / _weightScale));

    /// <summary>Whether the backend may serve: it has a weight.</summary>
    internal bool IsEligible(int index) => _weights[index] > 0;

    internal Backend this[int index] => _backends[index];

    /// <summary>The index of a backend by address, or by host alone; -1 when there is none.</summary>
    internal int IndexOf(in AddressKey address, bool hostOnly) =>
        hostOnly
            ? _byHost.GetValueOrDefault(address.Address, -1)
            : _byAddress.GetValueOrDefault(address, -1);
}
