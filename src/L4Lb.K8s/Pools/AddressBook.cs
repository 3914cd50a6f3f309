using System.Net;

namespace L4Lb.K8s.Pools;

/// <summary>
/// Who has which address. What a Service has it keeps, over changes of pools too, as long as it may; nothing is ever taken
/// from it for somebody else. Not thread-safe: one controller owns it.
/// </summary>
public sealed class AddressBook
{
    private readonly Dictionary<string, Holding> _holdings = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, List<AddressRequest>> _holders = [];

    /// <summary>What a Service has, by its key; empty for nothing.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(string service) =>
        _holdings.TryGetValue(service, out var held) ? [.. held.Addresses.Select(AddressRange.AddressOf)] : [];

    /// <summary>Number of addresses of one family of a pool that somebody has.</summary>
    public int CountHeld(Pool pool, bool isIPv4) =>
        _holders.Keys.Count(address => new Engine.Desired.AddressKey(address, 0).IsIPv4 == isIPv4 && pool.Has(address));

    /// <summary>
    /// Gives a Service what it asks for, or says why it cannot have it; then it has nothing. What it has already and may keep,
    /// it keeps; <paramref name="current"/> is what its status says, for the first time after a restart.
    /// </summary>
    public AddressAnswer Assign(AddressRequest request, PoolSet pools, IReadOnlyList<IPAddress> current)
    {
        var key = request.Service.Metadata.Key;
        UInt128[] had = _holdings.TryGetValue(key, out var held) ? held.Addresses : [.. current.Select(AddressRange.NumberOf)];
        Release(key);
        var choice = new AddressChoice(pools, IsFree);
        var answer = choice.Keep(request, had) ?? choice.Choose(request);
        if (answer.Addresses.Count > 0)
        {
            UInt128[] addresses = [.. answer.Addresses.Select(AddressRange.NumberOf)];
            _holdings[key] = new Holding(request, addresses);
            foreach (var address in addresses)
            {
                if (!_holders.TryGetValue(address, out var holders))
                {
                    _holders.Add(address, holders = []);
                }

                holders.Add(request);
            }
        }

        return answer;
    }

    /// <summary>Takes back what a Service has.</summary>
    public void Release(string service)
    {
        if (!_holdings.Remove(service, out var held))
        {
            return;
        }

        foreach (var address in held.Addresses)
        {
            var holders = _holders[address];
            holders.Remove(held.Request);
            if (holders.Count == 0)
            {
                _holders.Remove(address);
            }
        }
    }

    /// <summary>Whether a request can have the address: nobody has it, or all who do share it. Else who is in the way.</summary>
    private AddressRequest? IsFree(UInt128 address, AddressRequest request) =>
        _holders.GetValueOrDefault(address)?.Find(holder => !request.MayShareWith(holder));

    private sealed record Holding(AddressRequest Request, UInt128[] Addresses);
}
