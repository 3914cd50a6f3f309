using System.Collections.Immutable;
using System.Runtime.InteropServices;
using L4Lb.Engine.Desired;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// The proxy controller: turns the Services, endpoints and nodes of a cluster into what the data plane is asked for. It is told
/// what became of which object, and a plan translates those Services anew that this touches; everything else in it is what it
/// was, by reference. Not thread-safe.
/// </summary>
public sealed class ClusterPlanner
{
    private static readonly Comparer<ClusterService> s_byName =
        Comparer<ClusterService>.Create(static (a, b) => a.Objects.Name.CompareTo(b.Objects.Name));

    private readonly ProxyOptions _options;
    private readonly Dictionary<ObjectName, ClusterService> _services = [];
    private readonly Dictionary<ObjectName, (EndpointSlice Slice, ClusterService Service)> _slices = [];
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly List<ClusterService> _ordered = [];
    private readonly HashSet<ClusterService> _touched = [];
    private ClusterContext? _context;
    private bool _contextIsStale = true;
    private ClusterPlan _plan = ClusterPlan.Empty;

    /// <summary>Creates a planner of nothing.</summary>
    public ClusterPlanner(ProxyOptions options) => _options = options;

    /// <summary>Notes what the Service of a name is now; null for gone.</summary>
    public void SetService(ObjectName name, Service? service)
    {
        var entry = EntryOf(name);
        Replace(entry, entry.Objects.Services.Count > 0 ? entry.Objects.Services[0] : null, service);
    }

    /// <summary>Notes what the Endpoints of a name are now; null for gone. Only for clusters without EndpointSlices.</summary>
    public void SetEndpoints(ObjectName name, Endpoints? endpoints)
    {
        var entry = EntryOf(name);
        Replace(entry, entry.Objects.Endpoints, endpoints);
    }

    /// <summary>Notes what the EndpointSlice of a name is now; null for gone.</summary>
    public void SetSlice(ObjectName name, EndpointSlice? slice)
    {
        var owner = slice?.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel);
        var entry = string.IsNullOrEmpty(owner) ? null : EntryOf(new(name.Namespace, owner));
        if (_slices.TryGetValue(name, out var known) && known.Service != entry)
        {
            Replace(known.Service, known.Slice, null);
            known = default;
        }

        if (entry is null)
        {
            _slices.Remove(name);
            return;
        }

        Replace(entry, known.Slice, slice);
        _slices[name] = (slice!, entry);
    }

    /// <summary>Notes what the Node of a name is now; null for gone.</summary>
    public void SetNode(ObjectName name, Node? node)
    {
        _contextIsStale = true;
        if (node is null)
        {
            _nodes.Remove(name.Name);
        }
        else
        {
            _nodes[name.Name] = node;
        }
    }

    /// <summary>Plans what is asked for now. The same instance as before when nothing came of the changes.</summary>
    public ClusterPlan Plan()
    {
        if (_contextIsStale && MakeContext() is var context && context != _context)
        {
            _context = context;
            _touched.UnionWith(_ordered);
        }

        _contextIsStale = false;
        if (_touched.Count > 0)
        {
            Refresh(_context!);
            _plan = Assemble();
        }

        return _plan;
    }

    private ClusterService EntryOf(ObjectName name)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_services, name, out var exists);
        if (!exists)
        {
            entry = new(name);
            _ordered.Insert(~_ordered.BinarySearch(entry, s_byName), entry);
            _touched.Add(entry); // So that it is removed again if nothing is added.
        }

        return entry!;
    }

    // Many a change is none: a relist, or a field that is of no interest here.
    private void Replace(ClusterService entry, KubeObject? before, KubeObject? after)
    {
        if (Equals(before, after))
        {
            return;
        }

        if (before is not null)
        {
            entry.Objects.Remove(before);
        }

        if (after is not null)
        {
            entry.Objects.Add(after);
        }

        _touched.Add(entry);
    }

    private ClusterContext MakeContext()
    {
        var zone = _options.Zone ?? (_options.NodeName is { } name && _nodes.TryGetValue(name, out var node)
            ? node.Metadata.Labels.GetValueOrDefault(Node.ZoneLabel) : null);
        return new(
            _options, new NodeTopology(_options.NodeName, zone),
            _options.Backends == BackendKind.Nodes ? NodeTargets.Of(_nodes.Values) : []);
    }

    private void Refresh(ClusterContext context)
    {
        var moved = false;
        foreach (var service in _touched)
        {
            moved |= service.Refresh(context);
            if (service.Objects.IsEmpty)
            {
                _services.Remove(service.Objects.Name);
                _ordered.RemoveAt(_ordered.BinarySearch(service, s_byName));
            }
        }

        _touched.Clear();
        if (moved)
        {
            KeptSpecs.Settle(_ordered.ConvertAll(static s => s.Specs));
        }
    }

    private ClusterPlan Assemble()
    {
        var specs = ImmutableArray.CreateBuilder<ServiceSpec>(_plan.Desired.Services.Count);
        var problems = new List<ServiceProblems>();
        var checks = new List<HealthCheckNodePort>();
        foreach (var service in _ordered)
        {
            specs.AddRange(service.Specs.Granted);
            if (service.Problems is { } some)
            {
                problems.Add(some);
            }

            if (service.HealthCheck is { } check)
            {
                checks.Add(check);
            }
        }

        var said = Keep(_plan.Problems, problems);
        var plan = new ClusterPlan(Keep(_plan.Desired, specs), said, Keep(_plan.HealthChecks, checks))
        {
            Diagnostics = ReferenceEquals(said, _plan.Problems) ? _plan.Diagnostics : [.. said.SelectMany(static p => p.Diagnostics)],
        };
        return plan == _plan ? _plan : plan;
    }

    private static DesiredState Keep(DesiredState before, ImmutableArray<ServiceSpec>.Builder now)
    {
        var old = before.Services.AsSpan();
        var isSame = old.Length == now.Count;
        for (var i = 0; isSame && i < old.Length; i++)
        {
            isSame = ReferenceEquals(old[i], now[i]);
        }

        return isSame ? before : new() { Revision = before.Revision + 1, Services = new(now.DrainToImmutable()) };
    }

    private static IReadOnlyList<T> Keep<T>(IReadOnlyList<T> before, List<T> now) => before.SequenceEqual(now) ? before : now;
}
