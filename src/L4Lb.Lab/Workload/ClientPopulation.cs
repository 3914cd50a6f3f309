using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Workload;

/// <summary>Who asks.</summary>
/// <param name="Count">Number of clients; 0: everybody comes once.</param>
/// <param name="Zipf">Exponent of their popularity: the k-th asks in proportion to 1/k^exponent; 0: all alike.</param>
/// <param name="NatGroups">Number of shared addresses; 0 for none.</param>
/// <param name="NatPart">Part of the clients that is behind them, 0…1.</param>
public sealed record ClientSpec(int Count = 0, double Zipf = 0, int NatGroups = 0, double NatPart = 0);

/// <summary>Says whose each request is: by chance, or as it once was; and knows clients' addresses. Immutable.</summary>
public sealed class ClientPopulation
{
    private const uint FirstAddress = 0x0A00_0000; // 10.0.0.0/8
    private const uint AddressesMask = 0x00FF_FFFF;

    private readonly ClientSpec _spec;
    private readonly Trace? _trace;
    private readonly AliasTable? _popularity;

    /// <summary>Prepares to draw; O(clients).</summary>
    /// <param name="spec">Who asks.</param>
    /// <param name="trace">Whose requests they once were, which then counts; null for nobody's.</param>
    public ClientPopulation(ClientSpec spec, Trace? trace = null)
    {
        (_spec, _trace) = (spec, trace);
        if (spec is { Count: > 0, Zipf: > 0 })
        {
            _popularity = new AliasTable([.. Enumerable.Range(1, spec.Count).Select(rank => Math.Pow(rank, -spec.Zipf))]);
        }
    }

    /// <summary>Number of clients that may come again; 0 when everybody comes once.</summary>
    public int Count => _trace?.Clients ?? _spec.Count;

    /// <summary>Whose the <paramref name="request"/>-th request is.</summary>
    /// <param name="bits">Random.</param>
    /// <param name="request">Counts from 0.</param>
    public int Draw(ulong bits, long request) =>
        _trace is not null ? _trace.ClientOf(request)
        : _spec.Count == 0 ? (int)(request & int.MaxValue)
        : _popularity is null ? (int)Math.BigMul(bits, (ulong)_spec.Count, out _)
        : _popularity.Draw(bits);

    /// <summary>The address that <paramref name="client"/> is seen with.</summary>
    /// <param name="client">From <see cref="Draw"/>.</param>
    /// <param name="port">Its port.</param>
    public AddressKey AddressOf(int client, ushort port)
    {
        var number = (uint)client;
        if (_spec.NatGroups > 0)
        {
            var hash = Dice.Mix(number + 0x4E41_5400UL);
            if (Dice.ToUnit(hash) < _spec.NatPart)
            {
                // Behind the highest of all addresses, which no client of its own has before there are 16 million.
                number = AddressesMask - (uint)(Dice.Mix(hash) % (ulong)_spec.NatGroups);
            }
        }

        // An odd factor, so that it is a bijection: neighbours in rank are none in address.
        return AddressKey.FromIPv4(FirstAddress | (unchecked(number * 0x9E37_79B1) & AddressesMask), port);
    }
}
