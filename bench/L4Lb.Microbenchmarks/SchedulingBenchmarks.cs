using BenchmarkDotNet.Attributes;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Microbenchmarks;

/// <summary>
/// The first pick of a session, by every scheduler of the catalog, over candidates of five weights with some load each,
/// and, where a scheduler learns, with something learned. Every pick is another client's, to another address.
/// </summary>
[MemoryDiagnoser]
[SchedulingTableExporter]
public class SchedulingBenchmarks
{
    // So many different flows that what a pick reads is not always the same cache line, as few as fit beside it.
    private const int Flows = 4096;

    private readonly FlowKey[] _flows = new FlowKey[Flows];
    private IScheduler _scheduler = null!;
    private int _next;

    public static IEnumerable<string> Names => SchedulerCatalog.Names;

    [ParamsSource(nameof(Names))]
    public string Scheduler { get; set; } = "";

    [Params(3, 100, 10_000)]
    public int Backends { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var memory = new SchedulerMemory(1);
        var candidates = new Candidate[Backends];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new(AddressKey.FromIPv4(0x0A000000u + (uint)i, 80), 1 + (i % 5), new BackendLoad(memory.Total));
            for (var active = random.Next(1, 50); active > 0; active--)
            {
                candidates[i].Load.Acquire();
            }
        }

        _scheduler = SchedulerCatalog.Build(new SchedulerSpec(Scheduler), candidates, memory);
        for (var i = 0; i < candidates.Length; i++)
        {
            Teach(i, random);
        }

        for (var i = 0; i < _flows.Length; i++)
        {
            _flows[i] = new FlowKey(
                AddressKey.FromIPv4((uint)random.NextInt64(1L << 32), (ushort)random.Next(1024, 65536)),
                AddressKey.FromIPv4((uint)random.NextInt64(1L << 32), 443));
        }
    }

    // A second later than what was learned, so that decay has to be computed.
    [Benchmark]
    public int Pick() => _scheduler.Next(in _flows[_next++ & (Flows - 1)], default, nowMs: 1000);

    private void Teach(int index, Random random)
    {
        foreach (var sample in new[] { SchedulerSamples.ConnectTime, SchedulerSamples.FirstByteTime, SchedulerSamples.Bytes })
        {
            if ((_scheduler.Samples & sample) != 0)
            {
                _scheduler.Observe(index, sample, random.Next(100, 100_000), nowMs: random.Next(1000));
            }
        }
    }
}
