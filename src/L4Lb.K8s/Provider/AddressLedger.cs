using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Who has which address of which pool, and who waits for one. What becomes free goes to those who wait, in the order in which
/// they were created; nobody who comes later overtakes them. Any thread.
/// </summary>
/// <param name="opened">
/// Is told that somebody who waits may get something, for <see cref="Grant"/> to find out; called while the ledger is locked, so
/// it only takes note.
/// </param>
/// <param name="touched">Is told that the counts of pools may have changed; likewise.</param>
internal sealed class AddressLedger(Action opened, Action touched)
{
    private readonly Lock _lock = new();
    private readonly AddressBook _book = new();
    private readonly WaitingList _waiting = new();
    private readonly HashSet<ObjectName> _granted = [];
    private long _seenOpenings;
    private ImmutableList<AddressPool> _specs = [];
    private PoolSet _pools = PoolSet.Empty;
    private ILookup<string, PoolProblem> _problems = Array.Empty<PoolProblem>().ToLookup(static p => "");

    /// <summary>Takes the pools as they are now. Returns whether all Services should ask what they have by these.</summary>
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

            // Whoever loses what it had to a change of pools goes before those who never had anything.
            var before = _book.Requests.OrderBy(static r => r.Service.Metadata.CreationTimestamp).ThenBy(static r => r.Name).ToList();
            foreach (var request in before)
            {
                Assign(request);
            }

            GrantAll();
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

    /// <summary>
    /// Decides what a Service has from now on. What it had before, and what its status says, is nobody else's until
    /// <see cref="Settle"/>.
    /// </summary>
    public AddressAnswer Decide(Service service, IReadOnlyDictionary<string, string> namespaceLabels)
    {
        var (request, problem) = AddressRequestReader.Read(service, namespaceLabels);
        lock (_lock)
        {
            GrantIfOpened();
            _book.Reclaim(request, _pools, AddressesIn(service));
            var answer = problem is null ? Assign(request) : AssignAsUnderstood(request, problem);
            Tell();
            return answer;
        }
    }

    /// <summary>
    /// Gives those who wait what has become free. Returns who should ask what they have now: it is other than before, or the
    /// reason why it is not.
    /// </summary>
    public IReadOnlyList<ObjectName> Grant()
    {
        lock (_lock)
        {
            GrantIfOpened();
            ObjectName[] granted = [.. _granted];
            _granted.Clear();
            return granted;
        }
    }

    /// <summary>A Service is certainly no longer said to have more than <paramref name="service"/> says: the rest is free.</summary>
    public void Settle(Service service)
    {
        lock (_lock)
        {
            _book.Settle(service.Metadata.ObjectName, AddressesIn(service));
            Tell();
        }
    }

    /// <summary>A Service is gone, or needs no address any more.</summary>
    public void Release(ObjectName service)
    {
        lock (_lock)
        {
            _waiting.Remove(service);
            _book.Release(service);
            Tell();
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

    /// <summary>Whether an address in a Service's status is one that we gave it, as far as that can be told.</summary>
    public bool IsOurs(Service service, string ip)
    {
        lock (_lock)
        {
            return AddressText.TryParse(ip, out var address) && (_pools.PoolOf(AddressRange.NumberOf(address)) is not null
                || _book.AddressesOf(service.Metadata.ObjectName).Contains(address));
        }
    }

    /// <summary>Who has an address that a Service shows too, and moves away from; null when nobody has.</summary>
    public ObjectName? RivalOf(Service service, string ip)
    {
        lock (_lock)
        {
            return AddressText.TryParse(ip, out var address) ? _book.RivalOf(service.Metadata.ObjectName, address) : null;
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

    private void Tell()
    {
        touched();
        if (_book.Openings != _seenOpenings || _granted.Count > 0)
        {
            opened();
        }
    }

    private AddressAnswer Assign(AddressRequest request)
    {
        var answer = _book.Assign(request, _pools);
        if (answer.Addresses.Count < request.Service.IPFamilies.Count)
        {
            _waiting.Set(request, answer.Problem);
        }
        else
        {
            _waiting.Remove(request.Name);
        }

        return answer;
    }

    /// <summary>
    /// Who says something that nobody understands keeps what it has, and gets nothing that it may not have meant.
    /// </summary>
    private AddressAnswer AssignAsUnderstood(AddressRequest request, AddressProblem problem)
    {
        if (_book.AddressesOf(request.Name).Count > 0)
        {
            return Assign(request) with { Problem = problem };
        }

        _waiting.Remove(request.Name);
        return AddressAnswer.None(problem.Reason, problem.Message);
    }

    private void GrantIfOpened()
    {
        if (_book.Openings != _seenOpenings)
        {
            GrantAll();
        }
    }

    private void GrantAll()
    {
        _seenOpenings = _book.Openings;
        foreach (var (request, problem) in _waiting.InOrder)
        {
            var had = _book.AddressesOf(request.Name);
            var answer = Assign(request);
            if (answer.Problem != problem || !answer.Addresses.SequenceEqual(had))
            {
                _granted.Add(request.Name);
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
