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
    private readonly double[]? _shown;
    private readonly FrozenDictionary<AddressKey, int> _byAddress;
    private readonly FrozenDictionary<UInt128, int> _byHost;
    private readonly bool[]? _waits;

    /// <param name="backends">The backends, in the order of the spec.</param>
    /// <param name="weights">Their weights now; 0 may not serve.</param>
    /// <param name="scheduler">Compiled for exactly these.</param>
    /// <param name="indexed">Whether they must be found by address, as affinity does.</param>
    /// <param name="shown">The weights in the units of the desired ones; null when they are.</param>
    internal BackendPool(Backend[] backends, int[] weights, IScheduler scheduler, bool indexed, double[]? shown = null)
    {
        _shown = shown;
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

    /// <summary>Chooses for clients that keep no backend, in place of <see cref="Scheduler"/>; null when that does.</summary>
    internal IScheduler? Hash { get; init; }

    /// <summary>
    /// Those that drain and whose clients wait for that: they get nobody else, by index. Null when clients do not wait.
    /// </summary>
    internal bool[]? Waits
    {
        init => _waits = value is not null && value.Contains(true) ? value : null;
    }

    /// <summary>
    /// Those that health left out, by index: better than nobody, for a session that everybody else has failed. What is known of
    /// them may be old, and with nobody else they would all be used.
    /// </summary>
    internal int[] LastResort { get; init; } = [];

    /// <summary>Number of backends that may serve.</summary>
    internal int Count { get; }

    /// <summary>Number of backends, those that may not serve now included.</summary>
    internal int Size => _backends.Length;

    /// <summary>Nobody may serve, not even clients of their own.</summary>
    internal bool IsEmpty => Count == 0 && _waits is null;

    /// <summary>Whether the backend may serve: it has a weight.</summary>
    internal bool IsEligible(int index) => _weights[index] > 0;

    /// <summary>The weight of a backend now, in the units of the desired one.</summary>
    internal double WeightOf(int index) => _shown?[index] ?? _weights[index];

    /// <summary>Whether the backend may go on serving clients that keep it.</summary>
    internal bool IsKept(int index) => _weights[index] > 0 || (_waits is not null && _waits[index]);

    internal Backend this[int index] => _backends[index];

    /// <summary>Whether any backend may take a session now.</summary>
    internal bool HasRoom()
    {
        for (var i = 0; i < _backends.Length; i++)
        {
            if (_weights[i] > 0 && !_backends[i].Load.IsFull)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a backend that <paramref name="pick"/> has not named may serve and is full or, when asked for, has room.
    /// </summary>
    internal bool HasOther(in SchedulePick pick, bool full)
    {
        for (var i = 0; i < _backends.Length; i++)
        {
            if (_weights[i] > 0 && _backends[i].Load.IsFull == full && !pick.Contains(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The index of a backend; -1 when it is not here.</summary>
    internal int IndexOf(Backend backend) => Array.IndexOf(_backends, backend);

    /// <summary>The index of a backend by address, or by host alone; -1 when there is none.</summary>
    internal int IndexOf(in AddressKey address, bool hostOnly) =>
        hostOnly
            ? _byHost.GetValueOrDefault(address.Address, -1)
            : _byAddress.GetValueOrDefault(address, -1);
}
