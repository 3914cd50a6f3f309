using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Allocation;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// Plays the parts of the cluster that a Service needs: gives out ClusterIPs, NodePorts and load balancer addresses, finds
/// endpoints, and translates the lot for the data plane. Remembers its answers, so a small change costs little. Not thread-safe.
/// </summary>
public sealed class StandaloneControlPlane
{
    private readonly StandaloneOptions _options;
    private readonly AllocationStore _store;
    private readonly Random _random;
    private readonly ObjectIndex _index = new();
    private readonly Dictionary<ServiceObjects, ServicePlan> _plans = new(ReferenceEqualityComparer.Instance);
    private List<ServicePlan> _ordered = [];
    private List<Diagnostic> _orphans = [];
    private PoolSet _pools = PoolSet.Empty;
    private List<Diagnostic> _poolProblems = [];
    private AllocationBook? _remembered;
    private PlanContext? _context;
    private IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> _names = EndpointContext.None.Names;
    private DesiredState _desired = new();
    private bool _allocationIsStale = true;
    private bool _claimsAreStale = true;
    private bool _hasDuplicates;

    /// <summary>Creates a control plane; the first plan reads allocations of an earlier run from the state folder.</summary>
    public StandaloneControlPlane(StandaloneOptions options)
    {
        _options = options;
        _store = new(options.StateDirectory, options.ReadOnlyState);
        _random = options.Seed is { } seed ? new Random(seed) : Random.Shared;
    }

    /// <summary>The names in the EndpointSlices of type FQDN of the last plan, to be resolved.</summary>
    public IReadOnlyCollection<string> Names =>
    [
        .. _ordered.Where(static p => p.HasNames).SelectMany(static p => p.Objects.Slices)
            .Where(static s => s.AddressType == "FQDN").SelectMany(static s => s.Endpoints)
            .Where(static e => e.Addresses.Count > 0).Select(static e => e.Addresses[0]).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Sets what the <see cref="Names"/> stand for; the next plan uses it.</summary>
    public void UseNames(IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> names) => _names = names;

    /// <summary>Plans <paramref name="objects"/>. On errors the plan is not to be used and nothing was remembered.</summary>
    public Plan MakePlan(IReadOnlyList<KubeObject> objects)
    {
        var diagnostics = new List<Diagnostic>();
        if (!IsReady(diagnostics))
        {
            return new(_desired, [.. objects.OfType<Service>()], diagnostics, _options.Serve);
        }

        var change = _index.Update(objects);
        MarkStale(change);
        ReportDuplicates(diagnostics);
        var book = _allocationIsStale ? Allocate() : _remembered!;
        Refresh();

        diagnostics.AddRange(_poolProblems);
        diagnostics.AddRange(_orphans);
        foreach (var plan in _ordered)
        {
            plan.Report(diagnostics);
        }

        ObjectName[] madeUp = _options.ReadOnlyState ? [.. _ordered.Where(IsMadeUp).Select(static p => p.Objects.Name)] : [];
        Commit(book, diagnostics);

        // What is wrong with a Pod is found once for each Service that selects it.
        return new(_desired, [.. _ordered.Select(static p => p.Service)], [.. diagnostics.Distinct()], _options.Serve)
        {
            Discovered = [.. _ordered.Select(static p => p.Discovered)],
            MadeUp = madeUp,
        };
    }

    private bool IsMadeUp(ServicePlan plan) =>
        plan.Service.ClusterIPs.Count > 0 && plan.Objects.Services[0].ClusterIP.Length == 0
        && _remembered!.Of($"{plan.Objects.Name}").ClusterIPs.Count == 0;

    private bool IsReady(List<Diagnostic> diagnostics)
    {
        OptionProblems.Find(_options, diagnostics);
        if (diagnostics.Count == 0 && _remembered is null)
        {
            var book = _store.Load(diagnostics);
            _remembered = diagnostics.Exists(static d => d.Severity == Severity.Error) ? null : book;
        }

        return _remembered is not null && !diagnostics.Exists(static d => d.Severity == Severity.Error);
    }

    private void MarkStale(IndexChange change)
    {
        var zone = _options.Zone ?? (_options.NodeName is { } name ? _index.ZoneOf(name) : null);
        var node = new NodeTopology(_options.NodeName, zone);
        var namesChanged = _context is not null && !ReferenceEquals(_context.Endpoints.Names, _names);
        var everything = _context is null || change.Zones || node != _context.Translation.Node;
        if (everything || namesChanged)
        {
            _context = new(
                _index.Pods, new(node, _names, _index.ZoneOf), new(_options.Serve, node),
                new(_options.SchedulerProblem, _options.ExecProbes));
            foreach (var plan in _ordered)
            {
                plan.IsStale |= everything || plan.HasNames;
            }
        }

        foreach (var touched in change.Touched)
        {
            if (touched.Services.Count == 0)
            {
                _plans.Remove(touched);
            }
            else if (!_plans.TryGetValue(touched, out var plan))
            {
                _plans.Add(touched, new(touched));
            }
            else
            {
                plan.IsStale = true;
            }
        }

        if (change.Services)
        {
            _ordered = [.. _plans.Values.OrderBy(static p => p.Objects.Name)];
            _hasDuplicates = _ordered.Exists(static p => p.Objects.Services.Count > 1);
            _allocationIsStale = true;
            _claimsAreStale = true;
        }

        if (change.Pools)
        {
            ReadPools();
        }

        if (change.Orphans)
        {
            _orphans = Orphans.Find(_index.All);
        }
    }

    private void ReadPools()
    {
        var problems = new List<PoolProblem>();
        _pools = PoolSet.Read(_index.Pools, problems);
        _poolProblems = [];
        foreach (var (pool, path, message) in problems)
        {
            _poolProblems.Refuse(pool, path, message);
        }

        _allocationIsStale = true;
    }

    private void ReportDuplicates(List<Diagnostic> diagnostics)
    {
        if (!_hasDuplicates)
        {
            return;
        }

        foreach (var service in _ordered.SelectMany(static p => p.Objects.Services.Skip(1)))
        {
            diagnostics.Refuse(
                service, "metadata.name",
                $"services \"{service.Metadata.Name}\" already exists in namespace \"{service.Metadata.Namespace}\"");
        }
    }

    private AllocationBook Allocate()
    {
        var result = ServiceAllocator.Allocate(
            _ordered.ConvertAll(static p => p.Objects.Services[0]), _remembered!, _options.ServiceCidrs,
            _options.NodePortRange, _random);
        var given = LoadBalancerAddresses.Give(result, _remembered!, _pools, _index.LabelsOf);
        for (var i = 0; i < _ordered.Count; i++)
        {
            _ordered[i].Allocate(given.Services[i], result.Problems[i], given.Warnings[i]);
        }

        return given.Book;
    }

    private void Refresh()
    {
        foreach (var plan in _ordered)
        {
            if (plan.IsStale)
            {
                _claimsAreStale |= plan.Refresh(_context!);
            }
        }

        if (_claimsAreStale)
        {
            KeptSpecs.Settle(_ordered.ConvertAll(static p => p.Specs));
            _claimsAreStale = false;
        }
    }

    private void Commit(AllocationBook book, List<Diagnostic> diagnostics)
    {
        if (diagnostics.Exists(static d => d.Severity == Severity.Error))
        {
            return;
        }

        if (_store.Save(book) is { } failure)
        {
            diagnostics.Add(failure);
            return;
        }

        _remembered = book;
        _allocationIsStale = false;
        var services = ImmutableArray.CreateBuilder<ServiceSpec>(_ordered.Count);
        foreach (var plan in _ordered)
        {
            services.AddRange(plan.Specs.Granted);
        }

        _desired = new DesiredState { Revision = _desired.Revision + 1, Services = new(services.DrainToImmutable()) };
    }
}
