using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>A scheduler over candidates of given weights, with everything that a test looks at.</summary>
internal sealed class SchedulerRig
{
    public SchedulerRig(string name, int[] weights, ulong seed = 1, params SchedulerParameter[] parameters)
    {
        Memory = new SchedulerMemory(seed);
        Candidates = [.. weights.Select((weight, i) =>
            new Candidate(AddressKey.FromIPv4(0x0A000000u + (uint)i, 80), weight, new BackendLoad(Memory.Total)))];
        Scheduler = SchedulerCatalog.Build(new SchedulerSpec(name, [.. parameters]), Candidates, Memory);
    }

    public Candidate[] Candidates { get; }

    public SchedulerMemory Memory { get; }

    public IScheduler Scheduler { get; }

    /// <summary>The time that picks are told.</summary>
    public long NowMs { get; set; }

    public static FlowKey Flow(int client = 0) =>
        new(AddressKey.FromIPv4(0xC0A80000u + (uint)client, 40000), AddressKey.FromIPv4(0x0A600001, 80));

    public static SchedulerRig Equal(string name, int count) => new(name, [.. Enumerable.Repeat(1, count)]);

    /// <summary>The first choice of a new session.</summary>
    public int Pick(int client = 0) => Scheduler.Next(Flow(client), default, NowMs);

    /// <summary>The first choices of sessions that end at once.</summary>
    public int[] Picks(int count) => [.. Enumerable.Range(0, count).Select(Pick)];

    /// <summary>The first choices as letters: A for the first candidate.</summary>
    public string Letters(int count) => string.Concat(Picks(count).Select(i => (char)('A' + i)));

    /// <summary>How often each candidate was the first choice of sessions that end at once.</summary>
    public int[] Counts(int picks)
    {
        var counts = new int[Candidates.Length];
        for (var i = 0; i < picks; i++)
        {
            counts[Pick(i)]++;
        }

        return counts;
    }

    /// <summary>How many sessions each candidate has after some that all stay open.</summary>
    public int[] Hold(int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            Candidates[Pick(i)].Load.Acquire();
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

    /// <summary>The order in which one session tries candidates.</summary>
    public List<int> Order(int? preferred = null)
    {
        var pick = new SchedulePick(Scheduler, Flow());
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
