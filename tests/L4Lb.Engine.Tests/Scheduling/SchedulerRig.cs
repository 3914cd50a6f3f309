using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>A scheduler over candidates of given weights, with everything that a test looks at.</summary>
internal sealed class SchedulerRig
{
    public SchedulerRig(string name, int[] weights, ulong seed = 1, params SchedulerParameter[] parameters)
        : this(new SchedulerSpec(name, [.. parameters]), [.. weights.Select((weight, i) => Candidate(i, weight))], seed)
    {
    }

    public SchedulerRig(SchedulerSpec spec, Candidate[] candidates, ulong seed = 1)
        : this(spec, candidates, new SchedulerMemory(seed))
    {
    }

    private SchedulerRig(SchedulerSpec spec, Candidate[] candidates, SchedulerMemory memory)
    {
        // Loads count into the memory's total, as a service's do.
        Spec = spec;
        Memory = memory;
        Candidates = [.. candidates.Select(c => c with { Load = new BackendLoad(memory.Total) })];
        Scheduler = SchedulerCatalog.Build(spec, Candidates, memory);
    }

    public SchedulerSpec Spec { get; }

    public Candidate[] Candidates { get; }

    public SchedulerMemory Memory { get; }

    public IScheduler Scheduler { get; }

    /// <summary>The time that picks are told.</summary>
    public long NowMs { get; set; }

    /// <summary>A flow of a client of its own to an address of its own, so that schedulers can tell it by either.</summary>
    public static FlowKey Flow(int client = 0) =>
        new(AddressKey.FromIPv4(0xC0A80000u + (uint)client, 40000), AddressKey.FromIPv4(0x0A600001u + (uint)client, 80));

    /// <summary>An idle candidate, number <paramref name="index"/> of its list.</summary>
    public static Candidate Candidate(int index, int weight) =>
        new(AddressKey.FromIPv4(0x0A000000u + (uint)index, 80), weight, new BackendLoad());

    public static SchedulerRig Equal(string name, int count) => new(name, [.. Enumerable.Repeat(1, count)]);

    /// <summary>The first choice of a new session.</summary>
    public int Pick(int client = 0) => Scheduler.Next(Flow(client), default, NowMs);

    /// <summary>The first choices of sessions that end at once.</summary>
    public int[] Picks(int count) => [.. Enumerable.Range(0, count).Select(Pick)];

    /// <summary>The first choices as letters: A for the first candidate.</summary>
    public string Letters(int count) => string.Concat(Picks(count).Select(i => (char)('A' + i)));

    /// <summary>How often each candidate was the first choice of sessions that end at once; the refused ones are left out.</summary>
    public int[] Counts(int picks)
    {
        var counts = new int[Candidates.Length];
        for (var i = 0; i < picks; i++)
        {
            if (Pick(i) is >= 0 and var index)
            {
                counts[index]++;
            }
        }

        return counts;
    }

    /// <summary>How many sessions each candidate has after some that all stay open; the refused ones are left out.</summary>
    public int[] Hold(int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            if (Pick(i) is >= 0 and var index)
            {
                Candidates[index].Load.Acquire();
            }
        }

        return [.. Candidates.Select(candidate => candidate.Load.Active)];
    }

    /// <summary>Opens sessions on the candidates: so many on each.</summary>
    public SchedulerRig With(params int[] active)
    {
        for (var i = 0; i < active.Length; i++)
        {
            for (var n = 0; n < active[i]; n++)
            {
                Candidates[i].Load.Acquire();
            }
        }

        return this;
    }

    /// <summary>Lets a candidate have no more sessions than it has, at least one.</summary>
    public SchedulerRig Fill(params int[] indices)
    {
        foreach (var load in indices.Select(i => Candidates[i].Load))
        {
            if (load.Active == 0)
            {
                load.Acquire();
            }

            load.Bound(load.Active, 0);
        }

        return this;
    }

    /// <summary>The same scheduler compiled anew for other candidates, as a reload does; its memory is the same.</summary>
    public SchedulerRig Reload(params Candidate[] candidates) => new(Spec, candidates, Memory) { NowMs = NowMs };

    /// <summary>The order in which one session tries candidates.</summary>
    public List<int> Order(int? preferred = null, int client = 0)
    {
        var pick = new SchedulePick(Scheduler, Flow(client));
        if (preferred is { } index)
        {
            pick.Prefer(index);
        }

        var order = new List<int>();
        while (pick.MoveNext(NowMs, out var next))
        {
            order.Add(next);
        }

        return order;
    }
}
