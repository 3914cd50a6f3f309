using System.Net;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Pools;

/// <summary>
/// Who has which address. What a Service has it keeps, over changes of pools too, as long as it may; nothing is ever taken
/// from it for somebody else, and what it moves away from is nobody's until it <see cref="Settle">says so</see>. Not
/// thread-safe: one controller owns it.
/// </summary>
public sealed class AddressBook
{
    private readonly Dictionary<ObjectName, Holding> _holdings = [];
    private readonly Dictionary<UInt128, List<AddressRequest>> _holders = [];
    private readonly Dictionary<string, SortedSet<UInt128>> _shared = new(StringComparer.Ordinal);
    private readonly AddressRuns _taken = new();

    /// <summary>Grows whenever somebody may get what they could not get before.</summary>
    public long Openings { get; private set; }

    /// <summary>What those asked for who have something, in no order.</summary>
    public IEnumerable<AddressRequest> Requests =>
        _holdings.Values.Where(static held => held.Addresses.Length > 0).Select(static held => held.Request);

    /// <summary>The addresses that a Service has; empty for nothing. Those that it moves away from are not among them.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(ObjectName service) =>
        _holdings.TryGetValue(service, out var held) ? [.. held.Addresses.Select(AddressRange.AddressOf)] : [];

    /// <summary>Who has an address that a Service moves away from and cannot share with them; null when nobody has.</summary>
    public ObjectName? RivalOf(ObjectName service, IPAddress address) =>
        _holdings.TryGetValue(service, out var held) && held.Leaving.Contains(AddressRange.NumberOf(address))
            ? InTheWay(AddressRange.NumberOf(address), held.Request, alreadyHas: true)?.Name
            : null;

    /// <summary>Whether a Service has or moves away from some address.</summary>
    public bool Knows(ObjectName service) => _holdings.ContainsKey(service);

    /// <summary>Number of addresses of one family of a pool that somebody has.</summary>
    public UInt128 CountHeld(Pool pool, bool isIPv4)
    {
        var count = UInt128.Zero;
        foreach (var range in pool.Ranges)
        {
            if (range.IsIPv4 == isIPv4)
            {
                foreach (var taken in _taken.Within(range))
                {
                    count += pool.CountIn(taken);
                }
            }
        }

        return count;
    }

    /// <summary>
    /// Takes note of what the status of a Service says. One that has nothing is given it back: all that is in some pool and that
    /// nobody else holds, be it that it may not keep it. What else is said is nobody else's until it is said no more: addresses
    /// whose pool is gone may be in one again before that.
    /// </summary>
    public void Reclaim(AddressRequest request, PoolSet pools, IEnumerable<IPAddress> addresses)
    {
        UInt128[] said = [.. addresses.Select(AddressRange.NumberOf).Distinct()];
        if (_holdings.TryGetValue(request.Name, out var held) && said.All(held.All.Contains) && held.Addresses.Length > 0)
        {
            return;
        }

        Drop(request.Name);
        UInt128[] had = held is { Addresses.Length: > 0 }
            ? held.Addresses
            : [.. said.Where(address => pools.PoolOf(address) is not null && InTheWay(address, request) is null)];
        Hold(new Holding(held?.Request ?? request, had, [.. said.Union(held?.Leaving ?? []).Except(had)]));
    }

    /// <summary>
    /// Gives a Service what it asks for, or says why it cannot have it. What it has already and may keep, it keeps; what it
    /// had and has no more stays taken until <see cref="Settle"/>.
    /// </summary>
    public AddressAnswer Assign(AddressRequest request, PoolSet pools)
    {
        var before = Drop(request.Name);
        UInt128[] had = before?.Addresses ?? [];
        var choice = new AddressChoice(pools, this);
        var answer = choice.Keep(request, had) ?? choice.Choose(request, had);
        UInt128[] addresses = [.. answer.Addresses.Select(AddressRange.NumberOf)];
        Hold(new Holding(request, addresses, [.. had.Concat(before?.Leaving ?? []).Except(addresses)]));
        if (before is not null && !request.SharesLike(before.Request))
        {
            Openings++;
        }

        return answer;
    }

    /// <summary>
    /// The status of a Service certainly says this by now: of what it had before, the rest is free. It may say what has been
    /// decided otherwise since, and that is not free.
    /// </summary>
    public void Settle(ObjectName service, IEnumerable<IPAddress> said)
    {
        if (_holdings.TryGetValue(service, out var held) && held.Leaving.Length > 0)
        {
            UInt128[] left = [.. held.Leaving.Intersect(said.Select(AddressRange.NumberOf))];
            if (left.Length < held.Leaving.Length)
            {
                Drop(service);
                Hold(held with { Leaving = left });
                Openings++;
            }
        }
    }

    /// <summary>Takes back all that a Service has.</summary>
    public void Release(ObjectName service)
    {
        if (Drop(service) is not null)
        {
            Openings++;
        }
    }

    /// <summary>Who has an address and cannot share it with a request; null when nobody is in its way.</summary>
    /// <param name="address">The address.</param>
    /// <param name="request">Who is about to have it.</param>
    /// <param name="alreadyHas">Whether it had it until now: then those who leave it are not in its way.</param>
    internal AddressRequest? InTheWay(UInt128 address, AddressRequest request, bool alreadyHas = false)
    {
        if (_holders.TryGetValue(address, out var holders))
        {
            foreach (var holder in holders)
            {
                if (!request.MayShareWith(holder) && !(alreadyHas && _holdings[holder.Name].Leaving.Contains(address)))
                {
                    return holder;
                }
            }
        }

        return null;
    }

    /// <summary>The first address of a pool, in its order, that a request may have; null when there is none.</summary>
    internal UInt128? FirstFor(AddressRequest request, Pool pool, bool isIPv4)
    {
        foreach (var range in pool.Ranges)
        {
            if (range.IsIPv4 == isIPv4)
            {
                var free = FirstFree(pool, range);
                if ((FirstShared(request, pool, range with { Last = free ?? range.Last }) ?? free) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private UInt128? FirstFree(Pool pool, AddressRange range)
    {
        while (_taken.FirstOutside(range) is { } address)
        {
            if (pool.IsGivenAway(address))
            {
                return address;
            }

            // At most twice: addresses that are not given away come in pairs, ….255 and ….0.
            if (address == range.Last)
            {
                break;
            }

            range = range with { First = address + 1 };
        }

        return null;
    }

    private UInt128? FirstShared(AddressRequest request, Pool pool, AddressRange range)
    {
        if (request.SharingKey.Length > 0 && _shared.TryGetValue(request.SharingKey, out var shared))
        {
            foreach (var address in shared.GetViewBetween(range.First, range.Last))
            {
                if (pool.IsGivenAway(address) && InTheWay(address, request) is null)
                {
                    return address;
                }
            }
        }

        return null;
    }

    private void Hold(Holding holding)
    {
        if (holding.All.Length == 0)
        {
            return;
        }

        _holdings.Add(holding.Request.Name, holding);
        var key = holding.Request.SharingKey;
        foreach (var address in holding.All)
        {
            if (!_holders.TryGetValue(address, out var holders))
            {
                _holders.Add(address, holders = []);
                _taken.Add(address);
            }

            holders.Add(holding.Request);
            if (key.Length > 0)
            {
                (_shared.TryGetValue(key, out var shared) ? shared : _shared[key] = []).Add(address);
            }
        }
    }

    private Holding? Drop(ObjectName service)
    {
        if (!_holdings.Remove(service, out var held))
        {
            return null;
        }

        var key = held.Request.SharingKey;
        foreach (var address in held.All)
        {
            var holders = _holders[address];
            holders.Remove(held.Request);
            if (holders.Count == 0)
            {
                _holders.Remove(address);
                _taken.Remove(address);
            }

            if (key.Length > 0 && !holders.Exists(holder => holder.SharingKey == key) && _shared[key] is var shared)
            {
                shared.Remove(address);
                if (shared.Count == 0)
                {
                    _shared.Remove(key);
                }
            }
        }

        return held;
    }

    /// <param name="Request">What the Service asked for when it got them.</param>
    /// <param name="Addresses">What it has.</param>
    /// <param name="Leaving">What it had, and is still said to have.</param>
    private sealed record Holding(AddressRequest Request, UInt128[] Addresses, UInt128[] Leaving)
    {
        public UInt128[] All => [.. Addresses, .. Leaving];
    }
}
