using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Control;

/// <summary>
/// How long what an operator set holds: a weight until the desired one of that backend changes, a drain until it is
/// lifted; both until the backend is removed. They lie with the backend, so what does not mention it does not touch them.
/// Control plane only.
/// </summary>
internal static class Overrides
{
    /// <summary>
    /// Changes what is set for a backend. Says what is not there, or <see cref="OverrideResult.Done"/>.
    /// </summary>
    internal static OverrideResult Change(ServiceEntry? entry, IPEndPoint address, Func<OperatorOverride, OperatorOverride> change)
    {
        if (entry is null)
        {
            return OverrideResult.UnknownService;
        }

        if (!entry.Backends.TryGetValue(AddressKey.From(address), out var backend) || backend.IsRemoved)
        {
            return OverrideResult.UnknownBackend;
        }

        backend.Override = change(backend.Override);
        return OverrideResult.Done;
    }

    /// <summary>Ends what no longer holds when a service changes from <paramref name="old"/> to <paramref name="spec"/>.</summary>
    internal static void Settle(ServiceSpec? old, ServiceSpec spec, IReadOnlyDictionary<AddressKey, Backend> backends)
    {
        if (ReferenceEquals(old, spec) || backends.Values.All(static backend => backend.Override == OperatorOverride.None))
        {
            return;
        }

        var before = old is null ? [] : old.Backends.ToDictionary(backend => AddressKey.From(backend.Address), backend => backend.Weight);
        var now = spec.Backends.ToDictionary(backend => AddressKey.From(backend.Address), backend => backend.Weight);
        foreach (var (address, backend) in backends)
        {
            if (!now.TryGetValue(address, out var weight))
            {
                backend.Override = OperatorOverride.None;
            }
            else if (backend.Override.Weight is not null && (!before.TryGetValue(address, out var former) || former != weight))
            {
                backend.Override = backend.Override with { Weight = null };
            }
        }
    }
}
