using System.Collections.Frozen;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Control;

/// <summary>A service in force with the identities of its backends. Control plane only.</summary>
internal sealed class ServiceEntry(Service service, Dictionary<AddressKey, Backend> backends)
{
    internal Service Service { get; } = service;

    /// <summary>
    /// Address → backend, those removed included while a session holds them: one that comes back in time is the same.
    /// </summary>
    internal Dictionary<AddressKey, Backend> Backends { get; } = backends;

    /// <summary>The same as it was when last published; read by any thread.</summary>
    internal FrozenDictionary<AddressKey, Backend> Published { get; private set; } = FrozenDictionary<AddressKey, Backend>.Empty;

    /// <summary>Shows other threads the identities as they are now.</summary>
    internal void Publish() => Published = Backends.ToFrozenDictionary();

    /// <summary>
    /// Makes the identities match <paramref name="spec"/>. Returns the backends that are no longer wanted.
    /// </summary>
    /// <param name="backends">The identities.</param>
    /// <param name="spec">What is wanted.</param>
    /// <param name="total">Counts the sessions of new ones; null for nobody.</param>
    internal static List<Backend> Reconcile(Dictionary<AddressKey, Backend> backends, ServiceSpec spec, LoadTotal? total = null)
    {
        var wanted = new HashSet<AddressKey>(spec.Backends.Count);
        foreach (var backend in spec.Backends)
        {
            var address = AddressKey.From(backend.Address);
            wanted.Add(address);
            if (!backends.TryGetValue(address, out var identity))
            {
                backends.Add(address, identity = new Backend(address, total));
            }

            identity.IsRemoved = false;
            identity.Load.Bound(identity.Health.MaxSessions ?? spec.Limits.BackendMaxSessions, spec.Limits.BackendResumeBelow);
        }

        var removed = new List<Backend>();
        foreach (var (address, backend) in backends)
        {
            if (wanted.Contains(address))
            {
                continue;
            }

            if (!backend.IsRemoved)
            {
                backend.IsRemoved = true;
                removed.Add(backend);
            }
            else if (backend.Load.Active == 0)
            {
                backends.Remove(address);
            }
        }

        return removed;
    }
}
