using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Who has which address of which pool, and who waits for one. Whenever somebody who waits may get something, all who wait are
/// woken. Any thread.
/// </summary>
/// <param name="wake">Is told who should ask again; called while the ledger is locked, so it only takes note.</param>
/// <param name="touched">Is told that the counts of pools may have changed; likewise.</param>
internal sealed class AddressLedger(Action<ObjectName> wake, Action touched)
{
    private readonly Lock _lock = new();
    private readonly AddressBook _book = new();
    private readonly HashSet<ObjectName> _waiting = [];
    private ImmutableList<AddressPool> _specs = [];
    private PoolSet _pools = PoolSet.Empty;
    private ILookup<string, PoolProblem> _problems = Array.Empty<PoolProblem>().ToLookup(static p => "");

    /// <summary>Takes the pools as they are now. Returns whether they give other addresses, or to others, than before.</summary>
    public bool SetPools(IEnumerable<AddressPool> pools)
    {
        var specs = pools.OrderBy(static pool => pool.Metadata.Name, StringComparer.Ordinal).ToImmutableList();
        lock (_lock)
        {
            if (specs.Count == _specs.Count && specs.Zip(_specs).All(static pair => pair.First.SpecEquals(pair.Second)))
            {
                return false;
            }

            var problems = new List<PoolProblem>();
            _specs = specs;
            _pools = PoolSet.Read(specs, problems);
            _problems = problems.ToLookup(static problem => problem.Pool.Metadata.Name, StringComparer.Ordinal);
            return true;
        }
    }

    /// <summary>Gives a Service back what its status says; to be done for all before any is given something new.</summary>
    public void Reclaim(Service service, IReadOnlyDictionary<string, string> namespaceLabels)
    {
        var (request, _) = AddressRequestReader.Read(service, namespaceLabels);
        lock (_lock)
        {
            _book.Reclaim(request, _pools, AddressesIn(service));
        }
    }

    /// <summary>Decides what a Service has from now on. What it had before is nobody's until <see cref="Settle"/>.</summary>
    public AddressAnswer Decide(Service service, IReadOnlyDictionary<string, string> namespaceLabels)
    {
        var (request, problem) = AddressRequestReader.Read(service, namespaceLabels);
        lock (_lock)
        {
            var openings = _book.Openings;
            _book.Reclaim(request, _pools, AddressesIn(service));

            // Who says something that nobody understands keeps what it has, and gets nothing that it may not have meant.
            var answer = problem is not null && _book.AddressesOf(request.Name).Count == 0
                ? AddressAnswer.None(problem.Reason, problem.Message)
                : _book.Assign(request, _pools);
            if (answer.Addresses.Count < request.Service.IPFamilies.Count)
            {
                _waiting.Add(request.Name);
            }
            else
            {
                _waiting.Remove(request.Name);
            }

            Tell(openings);
            return problem is null ? answer : answer with { Problem = problem };
        }
    }

    /// <summary>The status of a Service says what was decided: what it had before is free.</summary>
    public void Settle(ObjectName service)
    {
        lock (_lock)
        {
            var openings = _book.Openings;
            _book.Settle(service);
            Tell(openings);
        }
    }

    /// <summary>A Service is gone, or needs no address any more.</summary>
    public void Release(ObjectName service)
    {
        lock (_lock)
        {
            var openings = _book.Openings;
            _waiting.Remove(service);
            _book.Release(service);
            Tell(openings);
        }
    }

    /// <summary>Whether a Service has, or had until it is settled, some address.</summary>
    public bool Knows(ObjectName service)
    {
        lock (_lock)
        {
            return _book.Knows(service);
        }
    }

    /// <summary>Whether some pool has one of the addresses in a Service's status.</summary>
    public bool HasAddressOf(Service service)
    {
        lock (_lock)
        {
            return AddressesIn(service).Any(address => _pools.PoolOf(AddressRange.NumberOf(address)) is not null);
        }
    }

    /// <summary>The addresses that a Service has.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(ObjectName service)
    {
        lock (_lock)
        {
            return _book.AddressesOf(service);
        }
    }

    /// <summary>How much of each pool is taken, or what is wrong with it; by name.</summary>
    public IReadOnlyList<PoolUsage> Usage()
    {
        lock (_lock)
        {
            return [.. _specs.Select(spec => _pools.Find(spec.Metadata.Name) is { } pool
                ? new PoolUsage(
                    spec.Metadata.Name,
                    _book.CountHeld(pool, isIPv4: true), pool.Count(isIPv4: true),
                    _book.CountHeld(pool, isIPv4: false), pool.Count(isIPv4: false),
                    [])
                : new PoolUsage(
                    spec.Metadata.Name, 0, 0, 0, 0,
                    _problems[spec.Metadata.Name].Select(static p => $"{p.Path}: {p.Message}").ToEquatableArray()))];
        }
    }

    private void Tell(long openings)
    {
        touched();
        if (_book.Openings != openings)
        {
            foreach (var service in _waiting)
            {
                wake(service);
            }
        }
    }

    private static List<IPAddress> AddressesIn(Service service)
    {
        var addresses = new List<IPAddress>();
        foreach (var ingress in service.Ingress)
        {
            if (AddressText.TryParse(ingress.IP, out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }
}

/// <summary>How much of a pool is taken.</summary>
/// <param name="Name">The pool.</param>
/// <param name="AssignedIPv4">IPv4 addresses that some Service has.</param>
/// <param name="TotalIPv4">IPv4 addresses that it may give away.</param>
/// <param name="AssignedIPv6">IPv6 addresses that some Service has.</param>
/// <param name="TotalIPv6">IPv6 addresses that it may give away.</param>
/// <param name="Problems">Why it gives none away; empty when it does.</param>
public sealed record PoolUsage(
    string Name, UInt128 AssignedIPv4, UInt128 TotalIPv4, UInt128 AssignedIPv6, UInt128 TotalIPv6, EquatableArray<string> Problems);
