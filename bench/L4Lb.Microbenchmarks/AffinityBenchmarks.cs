using BenchmarkDotNet.Attributes;
using L4Lb.Engine.Affinity;
using L4Lb.Engine.Desired;

namespace L4Lb.Microbenchmarks;

/// <summary>What affinity adds to a new session: a client that returns, a stranger, and one who is new for a full table.</summary>
[MemoryDiagnoser]
public class AffinityBenchmarks
{
    private const int MaxEntries = 65536;

    private static readonly AddressKey s_backend = AddressKey.FromIPv4(0x0A000001, 80);
    private readonly AffinityTable _table = new(MaxEntries, timeoutMs: 10_800_000, seed: 1);
    private uint _client;

    [Params(100, MaxEntries)]
    public int Clients { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (uint i = 0; i < Clients; i++)
        {
            _table.Remember(Client(i), s_backend, nowMs: i);
        }
    }

    [Benchmark]
    public bool Hit() => _table.TryFind(Client(_client++ % (uint)(Clients / 2) + (uint)(Clients / 2)), MaxEntries, out _);

    [Benchmark]
    public bool Miss() => _table.TryFind(Client(0x8000_0000 + _client++), MaxEntries, out _);

    [Benchmark]
    public void RememberNew() => _table.Remember(Client(0x4000_0000 + _client++), s_backend, MaxEntries);

    // Spread over the address space, as clients are.
    private static UInt128 Client(uint number) => AddressKey.FromIPv4(number * 2654435761, 0).Address;
}
