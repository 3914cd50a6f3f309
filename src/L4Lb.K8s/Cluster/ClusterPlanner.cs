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
            var (moved, said) = Refresh(_context!);
            var desired = moved ? Assemble() : Patch();
            var plan = said || moved ? Report(desired) : _plan with { Desired = desired };
            _plan = plan == _plan ? _plan : plan;
            _touched.Clear();
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

    /// <summary>Returns whether addresses moved, and whether there is something else to say.</summary>
    private (bool Moved, bool Said) Refresh(ClusterContext context)
    {
        var (moved, said) = (false, false);
        foreach (var service in _touched)
        {
            var before = (service.Problems, service.HealthCheck);
            moved |= service.Refresh(context);
            said |= before != (service.Problems, service.HealthCheck);
            if (service.Objects.IsEmpty)
            {
                _services.Remove(service.Objects.Name);
                _ordered.RemoveAt(_ordered.BinarySearch(service, s_byName));
            }
        }

        if (moved)
        {
            KeptSpecs.Settle(_ordered.ConvertAll(static s => s.Specs));
        }

        return (moved, said);
    }

    /// <summary>Puts the specs of all together.</summary>
    private DesiredState Assemble()
    {
        var specs = ImmutableArray.CreateBuilder<ServiceSpec>(_plan.Desired.Services.Count);
        foreach (var service in _ordered)
        {
            service.FirstSpec = specs.Count;
            specs.AddRange(service.Specs.Granted);
        }

        return Next(specs.DrainToImmutable());
    }

    /// <summary>Exchanges what came of the touched ones. Each has as many specs as before, and they are where they were.</summary>
    private DesiredState Patch()
    {
        var before = _plan.Desired.Services.AsSpan();
        ServiceSpec[]? specs = null;
        foreach (var service in _touched)
        {
            var granted = service.Specs.Granted;
            for (var i = 0; i < granted.Length; i++)
            {
                if (!ReferenceEquals(before[service.FirstSpec + i], granted[i]))
                {
                    specs ??= before.ToArray();
                    specs[service.FirstSpec + i] = granted[i];
                }
            }
        }

        return specs is null ? _plan.Desired : Next(ImmutableCollectionsMarshal.AsImmutableArray(specs));
    }

    private DesiredState Next(ImmutableArray<ServiceSpec> specs) =>
        new() { Revision = _plan.Desired.Revision + 1, Services = new(specs) };

    private ClusterPlan Report(DesiredState desired)
    {
        var problems = Keep(_plan.Problems, [.. _ordered.Select(static s => s.Problems).OfType<ServiceProblems>()]);
        var checks = Keep(_plan.HealthChecks, [.. _ordered.Select(static s => s.HealthCheck).OfType<HealthCheckNodePort>()]);
        return new(desired, problems, checks)
        {
            Diagnostics = ReferenceEquals(problems, _plan.Problems)
                ? _plan.Diagnostics : [.. problems.SelectMany(static p => p.Diagnostics)],
        };
    }

    private static IReadOnlyList<T> Keep<T>(IReadOnlyList<T> before, List<T> now) => before.SequenceEqual(now) ? before : now;
}
