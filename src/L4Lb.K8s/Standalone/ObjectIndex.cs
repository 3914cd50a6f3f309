using System.Collections.Immutable;
using L4Lb.K8s.Defaults;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// The objects of the last plan, joined by Service. Takes the difference to the next list only, and knows which
/// Services that difference touches. Not thread-safe.
/// </summary>
internal sealed class ObjectIndex
{
    private readonly Dictionary<ObjectName, ServiceObjects> _byService = [];
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddressPool> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Namespace> _namespaces = new(StringComparer.Ordinal);
    private KubeObject[] _objects = [];

    /// <summary>Pods by label.</summary>
    public PodIndex Pods { get; } = new();

    /// <summary>What goes by the name of some Service, in no order.</summary>
    public IReadOnlyCollection<ServiceObjects> All => _byService.Values;

    /// <summary>The pools, in no order.</summary>
    public IReadOnlyCollection<AddressPool> Pools => _pools.Values;

    /// <summary>The labels of a namespace; one that is not there has only that which all have.</summary>
    public ImmutableSortedDictionary<string, string> LabelsOf(string @namespace) =>
        _namespaces.TryGetValue(@namespace, out var found)
            ? found.Metadata.Labels
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(ObjectDefaults.NamespaceNameLabel, @namespace);

    /// <summary>The zone of a node, or null.</summary>
    public string? ZoneOf(string node) =>
        _nodes.TryGetValue(node, out var found) ? found.Metadata.Labels.GetValueOrDefault(Node.ZoneLabel) : null;

    /// <summary>Replaces the objects. Returns what that touched.</summary>
    public IndexChange Update(IReadOnlyList<KubeObject> items)
    {
        KubeObject[] next = [.. items];
        var difference = ObjectDifference.Between(_objects, next);
        _objects = next;

        var change = new IndexChange();
        var zones = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var item in difference.Removed)
        {
            Remember(item, zones);
            Remove(item, change);
        }

        foreach (var item in difference.Added)
        {
            Remember(item, zones);
            Add(item, change);
        }

        // Only now, since what was replaced is the same Service as before.
        foreach (var objects in change.Touched.Where(static t => t.IsEmpty))
        {
            _byService.Remove(objects.Name);
        }

        change.Zones = zones.Any(z => ZoneOf(z.Key) != z.Value);
        return change;
    }

    private static ObjectName NameOf(KubeObject item) => item is EndpointSlice
        ? new(item.Metadata.Namespace, item.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel, ""))
        : new(item.Metadata.Namespace, item.Metadata.Name);

    private void Remember(KubeObject item, Dictionary<string, string?> zones)
    {
        if (item is Node node)
        {
            zones.TryAdd(node.Metadata.Name, ZoneOf(node.Metadata.Name));
        }
    }

    private void Add(KubeObject item, IndexChange change)
    {
        switch (item)
        {
            case Pod pod:
                Pods.Add(pod);
                change.Touched.UnionWith(Pods.MaySelect(pod));
                break;
            case Node node:
                _nodes[node.Metadata.Name] = node;
                break;
            case AddressPool pool:
                _pools[pool.Metadata.Name] = pool;
                change.Pools = true;
                break;
            case Namespace added:
                _namespaces[added.Metadata.Name] = added;
                change.Pools = true;
                break;
            case Service or EndpointSlice or Endpoints:
                var name = NameOf(item);
                if (!_byService.TryGetValue(name, out var objects))
                {
                    _byService.Add(name, objects = new(name));
                }

                objects.Add(item);
                Touch(item, objects, change);
                if (item is Service service)
                {
                    Pods.Add(service, objects);
                }

                break;
        }
    }

    private void Remove(KubeObject item, IndexChange change)
    {
        switch (item)
        {
            case Pod pod:
                Pods.Remove(pod);
                change.Touched.UnionWith(Pods.MaySelect(pod));
                break;
            case Node node when _nodes.TryGetValue(node.Metadata.Name, out var known) && ReferenceEquals(known, node):
                _nodes.Remove(node.Metadata.Name);
                break;
            case AddressPool pool:
                _pools.Remove(pool.Metadata.Name);
                change.Pools = true;
                break;
            case Namespace removed:
                _namespaces.Remove(removed.Metadata.Name);
                change.Pools = true;
                break;
            case Service or EndpointSlice or Endpoints:
                var objects = _byService[NameOf(item)];
                objects.Remove(item);
                Touch(item, objects, change);
                if (item is Service service)
                {
                    Pods.Remove(service, objects);
                }

                break;
        }
    }

    private static void Touch(KubeObject item, ServiceObjects objects, IndexChange change)
    {
        change.Touched.Add(objects);
        change.Services |= item is Service;
        change.Orphans |= objects.Services.Count == 0 || item is Service;
    }
}

/// <summary>What an update of the index touched.</summary>
internal sealed class IndexChange
{
    /// <summary>The Services whose objects changed.</summary>
    public HashSet<ServiceObjects> Touched { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a Service came, went or changed.</summary>
    public bool Services { get; set; }

    /// <summary>Whether endpoints without a Service may have come or gone.</summary>
    public bool Orphans { get; set; }

    /// <summary>Whether a pool, or a namespace that it may be for, came, went or changed.</summary>
    public bool Pools { get; set; }

    /// <summary>Whether a node's zone changed.</summary>
    public bool Zones { get; set; }
}
