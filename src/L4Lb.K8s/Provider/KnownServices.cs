using System.Collections.Concurrent;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Services as they are known best. What was read from the server itself or written by us counts until the informer has seen it,
/// so that nothing is decided on what we have changed ourselves since. A version that a write failed for is known to be nothing
/// but that: the write may have been done, or be done yet, for as long as no other version is known. Any thread.
/// </summary>
/// <param name="seen">What the informer has seen.</param>
internal sealed class KnownServices(IInformer<Service> seen)
{
    private readonly ConcurrentDictionary<ObjectName, Service> _learnt = [];
    private readonly ConcurrentDictionary<ObjectName, string> _doubted = [];
    private readonly ConcurrentDictionary<ObjectName, string> _taken = [];

    /// <summary>A Service as it is known best; null when the informer has none.</summary>
    public Service? Newest(ObjectName name)
    {
        var service = seen.Find(name);
        if (service is null || !_learnt.TryGetValue(name, out var learnt))
        {
            return service;
        }

        // Versions of one kind grow over all objects: a Service of the same name that was created later has a later one.
        if (ResourceVersions.IsOlder(service.Metadata.ResourceVersion, learnt.Metadata.ResourceVersion))
        {
            return learnt;
        }

        _learnt.TryRemove(name, out _);
        return service;
    }

    /// <summary>This is what the server has.</summary>
    public void Learn(Service service)
    {
        var (name, version) = (service.Metadata.ObjectName, service.Metadata.ResourceVersion);
        _learnt[name] = service;
        if (_doubted.TryGetValue(name, out var doubted) && doubted != version)
        {
            _doubted.TryRemove(name, out _);
        }
    }

    /// <summary>A write that was good for this version only has failed, or seems to have.</summary>
    public void Doubt(Service service) => _doubted[service.Metadata.ObjectName] = service.Metadata.ResourceVersion;

    /// <summary>Whether the server may have, or come to have, another version by a write of ours.</summary>
    public bool IsDoubted(Service service)
    {
        var (name, version) = (service.Metadata.ObjectName, service.Metadata.ResourceVersion);
        return _doubted.TryGetValue(name, out var doubted) && (version == doubted || ResourceVersions.IsOlder(version, doubted));
    }

    /// <summary>A Service has our finalizer and our mark.</summary>
    public void Take(Service service) => _taken[service.Metadata.ObjectName] = service.Metadata.Uid;

    /// <summary>Whether this Service, and none of the same name before it, was ours once, whatever it says now.</summary>
    public bool WasTaken(Service service) => _taken.GetValueOrDefault(service.Metadata.ObjectName) == service.Metadata.Uid;

    /// <summary>A Service is gone.</summary>
    public void Forget(ObjectName name)
    {
        _learnt.TryRemove(name, out _);
        _doubted.TryRemove(name, out _);
        _taken.TryRemove(name, out _);
    }
}
