using BenchmarkDotNet.Attributes;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Microbenchmarks;

/// <summary>The first pick of a session, by every scheduler of the catalog, over candidates with some load each.</summary>
[MemoryDiagnoser]
public class SchedulingBenchmarks
{
    private FlowKey _flow;
    private IScheduler _scheduler = null!;

    public static IEnumerable<string> Names => SchedulerCatalog.Names;

    [ParamsSource(nameof(Names))]
    public string Scheduler { get; set; } = "";

    [Params(3, 100, 10_000)]
    public int Backends { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var candidates = new Candidate[Backends];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new(AddressKey.FromIPv4(0x0A000000u + (uint)i, 80), 1 + (i % 5), new BackendLoad());
            for (var active = random.Next(1, 50); active > 0; active--)
            {
                candidates[i].Load.Acquire();
            }
        }

        _flow = new FlowKey(AddressKey.FromIPv4(0xC0A80001, 40000), AddressKey.FromIPv4(0x0A600001, 80));
        _scheduler = SchedulerCatalog.Build(new SchedulerSpec(Scheduler), candidates, new SchedulerMemory(1));
    }

    [Benchmark]
    public int Pick() => _scheduler.Next(in _flow, default, nowMs: 0);
}
