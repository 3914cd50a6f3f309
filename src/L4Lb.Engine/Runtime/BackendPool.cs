using System.Collections.Frozen;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Runtime;

/// <summary>The backends that may serve under one traffic policy, with the scheduler compiled for them. Immutable.</summary>
internal sealed class BackendPool
{
    private readonly Backend[] _backends;
    private readonly FrozenDictionary<AddressKey, int> _byAddress;
    private readonly FrozenDictionary<UInt128, int> _byHost;

    /// <param name="backends">The eligible backends, in the order of the spec.</param>
    /// <param name="scheduler">Compiled for exactly these.</param>
    /// <param name="indexed">Whether they must be found by address, as affinity does.</param>
    internal BackendPool(Backend[] backends, IScheduler scheduler, bool indexed)
    {
        _backends = backends;
        Scheduler = scheduler;
        var entries = indexed ? backends.Select((backend, index) => (backend.Address, index)).ToArray() : [];
        _byAddress = entries.ToFrozenDictionary(e => e.Address, e => e.index);
        _byHost = entries.DistinctBy(e => e.Address.Address).ToFrozenDictionary(e => e.Address.Address, e => e.index);
    }

    /// <summary>Chooses among them.</summary>
    internal IScheduler Scheduler { get; }

    /// <summary>Number of backends.</summary>
    internal int Count => _backends.Length;

    /// <summary>Nobody may serve.</summary>
    internal bool IsEmpty => _backends.Length == 0;

    internal Backend this[int index] => _backends[index];

    /// <summary>The index of a backend by address, or by host alone; -1 when it is not eligible.</summary>
    internal int IndexOf(in AddressKey address, bool hostOnly) =>
        hostOnly
            ? _byHost.GetValueOrDefault(address.Address, -1)
            : _byAddress.GetValueOrDefault(address, -1);
}
