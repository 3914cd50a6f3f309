using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>
/// What every scheduler of the catalog promises, whatever its algorithm: with its defaults, with each of its flags, and
/// with everything that it can hash. What more it promises, its traits say.
/// </summary>
public sealed class EverySchedulerTests
{
    private static readonly int[] s_uneven = [5, 1, 2, 1];

    public static TheoryData<string> All => [.. SchedulerCatalog.Names.SelectMany(Variants)];

    public static TheoryData<string> Weighted => With(SchedulerTraits.Weighted);

    public static TheoryData<string> ByHash => With(SchedulerTraits.ByHash);

    public static TheoryData<string> Consistent => With(SchedulerTraits.Consistent);

    public static TheoryData<string> Spreading => [.. All.Select(row => row.Data).Where(text => !Has(text, SchedulerTraits.Packs))];

    [Theory, MemberData(nameof(All))]
    public void Answers_to_its_name(string text) => Assert.Equal(Spec(text).Name, Rig(text, [1]).Scheduler.Name);

    [Theory, MemberData(nameof(All))]
    public void Picks_none_of_none(string text) => Assert.Equal(-1, Rig(text, []).Pick());

    [Theory, MemberData(nameof(All))]
    public void Picks_the_only_one(string text) => Assert.All(Rig(text, [1]).Picks(20), i => Assert.Equal(0, i));

    [Theory, MemberData(nameof(All))]
    public void Picks_none_when_all_weights_are_0(string text)
    {
        var rig = Rig(text, [0, 0, 0]);

        Assert.Equal(-1, rig.Pick());
        Assert.Empty(rig.Order(preferred: 1));
    }

    [Theory, MemberData(nameof(All))]
    public void Picks_none_when_all_are_full(string text)
    {
        var rig = Rig(text, [3, 1, 2]).Fill(0, 1, 2);

        Assert.Equal(-1, rig.Pick());
        Assert.Empty(rig.Order(preferred: 1));
    }

    [Theory, MemberData(nameof(All))]
    public void Never_picks_weight_0(string text)
    {
        var rig = Rig(text, [0, 3, 0, 1, 0]);

        Assert.All(rig.Picks(1000), i => Assert.True(i is 1 or 3 || (i == -1 && Has(text, SchedulerTraits.MayRefuse))));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal([1, 3], rig.Order(preferred: 0, client: i).Order()));
    }

    [Theory, MemberData(nameof(All))]
    public void Never_picks_a_full_one_and_comes_back_when_it_has_room(string text)
    {
        var rig = Rig(text, [5, 9, 5, 5]).Fill(1, 2);

        Assert.All(rig.Picks(1000), i => Assert.True(i is 0 or 3 || (i == -1 && Has(text, SchedulerTraits.MayRefuse))));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal([3], rig.Order(preferred: 0, client: i)));

        rig.Candidates[1].Load.Bound(0, 0);
        Assert.Equal([1, 3], rig.Order(preferred: 0).Order());
        rig.Fill(0, 3);
        Assert.All(rig.Picks(100), i => Assert.True(i == 1 || (i == -1 && Has(text, SchedulerTraits.MayRefuse))));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Spreading))]
    public void Starves_nobody(string text) => Assert.All(Rig(text, s_uneven).Hold(2000), active => Assert.True(active > 0));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Weighted))]
    public void Shares_are_in_proportion_to_weights(string text)
    {
        const int Picks = 90_000;
        var counts = Rig(text, s_uneven, seed: 42).Counts(Picks);

        // Five standard deviations: a right implementation fails once in 1.7 million seeds. A table or ring of points
        // has an error of its own besides, which the tests of that scheduler bound more closely.
        for (var i = 0; i < s_uneven.Length; i++)
        {
            var share = (double)s_uneven[i] / s_uneven.Sum();
            var error = (5 * Math.Sqrt(Picks * share * (1 - share))) + (Has(text, SchedulerTraits.ByHash) ? Picks * share / 4 : 0);
            Assert.InRange(counts[i], (Picks * share) - error, (Picks * share) + error);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Names_every_candidate_once_then_none(string text)
    {
        var rig = Rig(text, [1, 65535, 3, 1, 2, 7]);

        for (var client = 0; client < 200; client++)
        {
            Assert.Equal([0, 1, 2, 3, 4, 5], rig.Order(client: client).Order());
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Goes_on_after_a_preferred_one(string text)
    {
        var rig = Rig(text, [1, 2, 3, 4]);

        for (var client = 0; client < 100; client++)
        {
            Assert.Equal([0, 1, 3], rig.Order(preferred: 2, client).Order());
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Stops_at_the_capacity_of_the_tried_set(string text)
    {
        var order = Rig(text, [.. Enumerable.Repeat(1, 100)]).Order();

        Assert.Equal(TriedSet.Capacity, order.Distinct().Count());
        Assert.Equal(TriedSet.Capacity, order.Count);
    }

    [Theory, MemberData(nameof(All))]
    public void Is_determined_by_seed_flows_and_loads(string text)
    {
        int[] weights = [3, 1, 4, 1, 5, 9, 2, 6];

        Assert.Equal(Rig(text, weights, seed: 7).Hold(500), Rig(text, weights, seed: 7).Hold(500));
        Assert.Equal(Rig(text, weights, seed: 7).Picks(500), Rig(text, weights, seed: 7).Picks(500));
    }

    [Theory, MemberData(nameof(All))]
    public void Keeps_its_promises_over_random_candidates(string text)
    {
        var random = new Random(20240501);
        for (var round = 0; round < 300; round++)
        {
            var weights = RandomWeights(random);
            var rig = Rig(text, weights, (ulong)round).With([.. weights.Select(_ => random.Next(4))]);
            rig.Fill([.. Enumerable.Range(0, weights.Length).Where(_ => random.Next(5) == 0)]);
            var preferred = random.Next(weights.Length);
            int[] open = [.. Enumerable.Range(0, weights.Length).Where(i => rig.Candidates[i].IsOpen)];

            var first = rig.Pick(round);
            var order = rig.Order(preferred, round);

            // Whoever refuses, refuses a session that was not tried anywhere; and nobody invents a candidate.
            Assert.True(first >= 0 ? rig.Candidates[first].IsOpen : open.Length == 0 || Has(text, SchedulerTraits.MayRefuse));
            Assert.Equal(Math.Min(open.Except([preferred]).Count(), TriedSet.Capacity - 1), order.Count);
            Assert.Equal(order.Count, order.Except([preferred]).Distinct().Count());
            Assert.Empty(order.Except(open));
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(ByHash))]
    public void The_same_flow_gets_the_same_pick_on_any_instance(string text)
    {
        int[] weights = [3, 1, 4, 1, 5, 9, 2, 6];
        var rig = Rig(text, weights, seed: 1);

        var picks = rig.Picks(1000);

        Assert.Equal(picks, rig.Picks(1000));
        Assert.Equal(picks, Rig(text, weights, seed: 2).Picks(1000));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(rig.Order(client: i), rig.Order(client: i)));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Consistent))]
    public void When_one_is_removed_few_flows_of_the_others_move(string text)
    {
        const int Flows = 20_000, Removed = 3;
        var rig = Rig(text, [.. Enumerable.Repeat(1, 10)]);
        var without = rig.Reload([.. rig.Candidates.Where((_, i) => i != Removed)]);

        var moved = rig.Picks(Flows).Zip(without.Picks(Flows)).Count(pick =>
            pick.First != Removed && rig.Candidates[pick.First].Address != without.Candidates[pick.Second].Address);

        // A modulo would move 90 of 100; Maglev's tables are known to move a few.
        Assert.InRange(moved, 0, Flows / 10);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Consistent))]
    public void While_one_is_down_no_flow_of_the_others_moves(string text)
    {
        const int Flows = 20_000, Down = 3;
        var rig = Rig(text, [4, 1, 2, 3, 1, 2]);
        var impaired = rig.Reload([.. rig.Candidates.Select((c, i) => i == Down ? c with { Weight = 0 } : c)]);

        Assert.All(
            rig.Picks(Flows).Zip(impaired.Picks(Flows)).Where(pick => pick.First != Down),
            pick => Assert.Equal(pick.First, pick.Second));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Serves_eight_threads_at_once(string text)
    {
        const int Threads = 8, SessionsPerThread = 5_000;
        var rig = Rig(text, [1, 2, 0, 4, 1]);
        var counts = new int[rig.Candidates.Length];
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < SessionsPerThread; i++)
                {
                    var session = (thread * SessionsPerThread) + i;
                    var index = rig.Scheduler.Next(SchedulerRig.Flow(session), default, nowMs: session);
                    if (index < 0)
                    {
                        Interlocked.Increment(ref refused);
                        continue;
                    }

                    rig.Candidates[index].Load.Acquire();
                    Tell(rig.Scheduler, index, session);
                    Interlocked.Increment(ref counts[index]);
                    rig.Candidates[index].Load.Release();
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(Threads * SessionsPerThread, counts.Sum() + refused);
        Assert.True(refused == 0 || Has(text, SchedulerTraits.MayRefuse));
        Assert.Equal(0, counts[2]);
        Assert.All(rig.Candidates, candidate => Assert.Equal(0, candidate.Load.Active));
        Assert.Equal(0, rig.Memory.Total.Active);
    }

    [Theory, MemberData(nameof(All))]
    public void Allocates_nothing_per_session(string text)
    {
        var rig = Rig(text, [4, 3, 2, 0, 1, 1, 1, 1, 1, 1, 1]).Fill(1, 4);

        // The runtime may allocate on our account once while it warms up; a scheduler that does would every round.
        var rounds = Enumerable.Range(0, 20).Select(_ => AllocatedBy(rig)).ToArray();

        Assert.Contains(0L, rounds);
    }

    [Theory, MemberData(nameof(All))]
    public void Knows_10_000_candidates(string text)
    {
        var rig = Rig(text, [.. Enumerable.Range(0, 10_000).Select(i => i % 7)]);

        Assert.All(rig.Picks(1000), i => Assert.True(i >= 0 ? rig.Candidates[i].IsOpen : Has(text, SchedulerTraits.MayRefuse)));
        Assert.Equal(TriedSet.Capacity - 1, rig.Order(preferred: 0).Distinct().Count());
    }

    [Theory, MemberData(nameof(All))]
    public void Finds_the_one_that_is_open_among_10_000(string text)
    {
        const int Open = 7_500;
        var rig = Rig(text, [.. Enumerable.Repeat(2, 10_000)]);
        rig.Fill([.. Enumerable.Range(0, 10_000).Where(i => i != Open)]);

        Assert.All(rig.Picks(20), i => Assert.True(i == Open || (i == -1 && Has(text, SchedulerTraits.MayRefuse))));
        Assert.Equal([Open], rig.Order(preferred: 0));
    }

    private static TheoryData<string> With(SchedulerTraits trait) => [.. All.Select(row => row.Data).Where(text => Has(text, trait))];

    private static bool Has(string text, SchedulerTraits trait) =>
        SchedulerCatalog.Find(Spec(text).Name)!.Traits.HasFlag(trait);

    /// <summary>The scheduler alone, and with each parameter that takes no value or says what is hashed.</summary>
    private static IEnumerable<string> Variants(string name) =>
    [
        name,
        .. from parameter in SchedulerCatalog.Find(name)!.Parameters
           from value in (string[])["", HashKey.Source, HashKey.SourcePort, HashKey.Destination]
           where parameter.IsValid(value) && (value.Length == 0 || value != parameter.Default)
           select value.Length == 0 ? $"{name},{parameter.Name}" : $"{name},{parameter.Name}={value}",
    ];

    private static SchedulerSpec Spec(string text)
    {
        var parts = text.Split(',');
        return new SchedulerSpec(parts[0], [.. parts[1..].Select(part => part.Split('=') is [var name, var value]
            ? new SchedulerParameter(name, value)
            : new SchedulerParameter(part, ""))]);
    }

    private static SchedulerRig Rig(string text, int[] weights, ulong seed = 1) =>
        new(Spec(text), [.. weights.Select((weight, i) => SchedulerRig.Candidate(i, weight))], seed);

    private static long AllocatedBy(SchedulerRig rig)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var session = 0; session < 100; session++)
        {
            var pick = new SchedulePick(rig.Scheduler, SchedulerRig.Flow(session));
            while (pick.MoveNext(rig.NowMs++, out var index))
            {
                Tell(rig.Scheduler, index, rig.NowMs);
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Tells the scheduler all that it wants to know of a session.</summary>
    private static void Tell(IScheduler scheduler, int index, long nowMs)
    {
        for (var sample = 1; sample <= (int)scheduler.Samples; sample <<= 1)
        {
            if (((int)scheduler.Samples & sample) != 0)
            {
                scheduler.Observe(index, (SchedulerSamples)sample, 100 + (nowMs % 100), nowMs);
            }
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
