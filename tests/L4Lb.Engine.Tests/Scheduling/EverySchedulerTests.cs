using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>What every scheduler of the catalog promises, whatever its algorithm.</summary>
public sealed class EverySchedulerTests
{
    public static TheoryData<string> Names => [.. SchedulerCatalog.Names];

    [Theory, MemberData(nameof(Names))]
    public void Answers_to_its_name(string name) => Assert.Equal(name, SchedulerRig.Equal(name, 1).Scheduler.Name);

    [Theory, MemberData(nameof(Names))]
    public void Picks_none_of_none(string name) => Assert.Equal(-1, new SchedulerRig(name, []).Pick());

    [Theory, MemberData(nameof(Names))]
    public void Picks_the_only_one(string name) => Assert.All(SchedulerRig.Equal(name, 1).Picks(20), i => Assert.Equal(0, i));

    [Theory, MemberData(nameof(Names))]
    public void Picks_none_when_all_weights_are_0(string name) => Assert.Equal(-1, new SchedulerRig(name, [0, 0, 0]).Pick());

    [Theory, MemberData(nameof(Names))]
    public void Never_picks_weight_0(string name)
    {
        var rig = new SchedulerRig(name, [0, 3, 0, 1, 0]);

        Assert.All(rig.Picks(1000), i => Assert.True(i is 1 or 3));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal([1, 3], rig.Order().Order()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Starves_nobody(string name)
    {
        var rig = new SchedulerRig(name, [5, 1, 2, 1]);

        Assert.All(rig.Hold(2000), active => Assert.True(active > 0));
    }

    [Theory, MemberData(nameof(Names))]
    public void Names_every_candidate_once_then_none(string name)
    {
        var rig = new SchedulerRig(name, [1, 65535, 3, 1, 2, 7]);

        for (var session = 0; session < 200; session++)
        {
            Assert.Equal([0, 1, 2, 3, 4, 5], rig.Order().Order());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Goes_on_after_a_preferred_one(string name)
    {
        var rig = new SchedulerRig(name, [1, 2, 3, 4]);

        for (var session = 0; session < 100; session++)
        {
            Assert.Equal([0, 1, 3], rig.Order(preferred: 2).Order());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Stops_at_the_capacity_of_the_tried_set(string name)
    {
        var order = SchedulerRig.Equal(name, 100).Order();

        Assert.Equal(TriedSet.Capacity, order.Distinct().Count());
        Assert.Equal(TriedSet.Capacity, order.Count);
    }

    [Theory, MemberData(nameof(Names))]
    public void Is_determined_by_seed_flows_and_loads(string name)
    {
        int[] weights = [3, 1, 4, 1, 5, 9, 2, 6];

        Assert.Equal(new SchedulerRig(name, weights, seed: 7).Hold(500), new SchedulerRig(name, weights, seed: 7).Hold(500));
        Assert.Equal(new SchedulerRig(name, weights, seed: 7).Picks(500), new SchedulerRig(name, weights, seed: 7).Picks(500));
    }

    [Theory, MemberData(nameof(Names))]
    public void Keeps_its_promises_over_random_candidates(string name)
    {
        var random = new Random(20240501);
        for (var round = 0; round < 300; round++)
        {
            var weights = RandomWeights(random);
            var rig = new SchedulerRig(name, weights, (ulong)round).With([.. weights.Select(_ => random.Next(4))]);
            var pickable = rig.Candidates.Count(candidate => candidate.Weight > 0);

            var order = rig.Order();

            Assert.Equal(Math.Min(pickable, TriedSet.Capacity), order.Count);
            Assert.Equal(order.Count, order.Distinct().Count());
            Assert.All(order, i => Assert.True(rig.Candidates[i].Weight > 0));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Serves_eight_threads_at_once(string name)
    {
        const int Threads = 8, SessionsPerThread = 5_000;
        var rig = new SchedulerRig(name, [1, 2, 0, 4, 1]);
        var counts = new int[rig.Candidates.Length];

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < SessionsPerThread; i++)
                {
                    var index = rig.Pick((thread * SessionsPerThread) + i);
                    rig.Candidates[index].Load.Acquire();
                    Interlocked.Increment(ref counts[index]);
                    rig.Candidates[index].Load.Release();
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(Threads * SessionsPerThread, counts.Sum());
        Assert.Equal(0, counts[2]);
        Assert.All(rig.Candidates, candidate => Assert.Equal(0, candidate.Load.Active));
    }

    [Theory, MemberData(nameof(Names))]
    public void Allocates_nothing_per_session(string name)
    {
        var rig = new SchedulerRig(name, [4, 3, 2, 0, 1, 1, 1, 1, 1, 1, 1]);
        TryAll(rig);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            TryAll(rig);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void TryAll(SchedulerRig rig)
    {
        var pick = new SchedulePick(rig.Scheduler, SchedulerRig.Flow());
        while (pick.MoveNext(nowMs: 0, out _))
        {
        }
    }

    private static int[] RandomWeights(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(4) switch
        {
            0 => 0,
            1 => 1,
            2 => random.Next(1, 10),
            _ => random.Next(65536),
        })];
}
