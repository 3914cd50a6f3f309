using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LocalitySchedulerTests
{
    private const long DayMs = 24 * 3600 * 1000;

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void A_destination_stays_where_it_went(string name)
    {
        var rig = new SchedulerRig(name, [4, 4, 4]).With(2, 0, 1);

        Assert.Equal(1, rig.Pick());
        rig.With(0, 4, 0);

        Assert.Equal(1, rig.Pick());
        Assert.Equal(2, rig.Pick(client: 1));
        Assert.Equal(1, rig.Pick());
    }

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void It_stays_with_an_overloaded_one_while_nobody_has_half_of_its_weight_free(string name)
    {
        var rig = new SchedulerRig(name, [4, 4]).With(0, 3);
        Assert.Equal(0, rig.Pick());

        // 5 is more than 4, but 2 is not less than half of 4; 1 is.
        rig.With(5, 0).Candidates[1].Load.Release();
        Assert.Equal(0, rig.Pick());

        rig.Candidates[1].Load.Release();
        Assert.Equal(1, rig.Pick());
    }

    [Fact]
    public void Lblc_moves_and_lblcr_adds()
    {
        foreach (var (name, back) in new[] { ("lblc", 1), ("lblcr", 0) })
        {
            var rig = new SchedulerRig(name, [2, 2]).With(0, 1);
            Assert.Equal(0, rig.Pick());
            rig.With(3).Candidates[1].Load.Release();
            Assert.Equal(1, rig.Pick());

            // The first is idle again: a set of both prefers it, a set of one does not know it any more.
            rig.With(0, 1);
            Release(rig, 0, 3);
            Assert.Equal(back, rig.Pick());
        }
    }

    [Fact]
    public void A_set_that_did_not_change_for_a_day_loses_its_most_loaded_member()
    {
        var rig = Replicated(2);
        rig.With(1, 0);
        rig.NowMs = DayMs;
        rig.Pick();
        rig.NowMs += 1000;

        // It drops the first, which has one session more.
        Assert.Equal(1, rig.Pick());
        rig.With(0, 2);
        Assert.Equal(1, rig.Pick());
    }

    [Fact]
    public void A_full_set_gives_up_its_most_loaded_member()
    {
        var rig = new SchedulerRig("lblcr", [2, 2, 2, 2, 2]).With(0, 9, 9, 9, 9);
        Assert.Equal(0, rig.Pick());
        foreach (var (index, formersLoad) in new[] { (1, 5), (2, 6), (3, 20), (4, 7) })
        {
            // Whoever had it last is overloaded, and the next one has nothing to do.
            SetLoad(rig, index - 1, formersLoad);
            SetLoad(rig, index, 0);
            Assert.Equal(index, rig.Pick());
        }

        // The third with its 20 made room for the fifth: it is not taken although it is idle now, and the others are.
        SetLoad(rig, 2, 0);
        foreach (var (index, load) in new[] { (4, 2), (0, 1), (1, 0) })
        {
            SetLoad(rig, index, load);
            Assert.Equal(index, rig.Pick());
        }

        SetLoad(rig, 0, 5);
        SetLoad(rig, 1, 5);
        SetLoad(rig, 4, 5);
        SetLoad(rig, 3, 1);
        Assert.Equal(3, rig.Pick());
    }

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void An_idle_entry_expires(string name)
    {
        var rig = new SchedulerRig(new SchedulerSpec(name, [new("expiration", "10s")]), Equals(2)).With(0, 1);
        Assert.Equal(0, rig.Pick());
        rig.With(2, 0);

        rig.NowMs = 9_000;
        Assert.Equal(0, rig.Pick());
        rig.NowMs = 18_999;
        Assert.Equal(0, rig.Pick());
        rig.NowMs = 29_000;
        Assert.Equal(1, rig.Pick());
    }

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void Entries_outlive_a_reload_that_changes_every_index(string name)
    {
        var rig = new SchedulerRig(name, [9, 9, 9]);
        var before = rig.Picks(100);

        var after = rig.Reload(SchedulerRig.Candidate(7, 9), rig.Candidates[2], rig.Candidates[1], rig.Candidates[0]);

        Assert.Equal(before, after.Picks(100).Select(i => 3 - i));
    }

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void Who_is_gone_full_or_of_weight_0_has_its_destinations_moved(string name)
    {
        var rig = new SchedulerRig(name, [9, 9]).With(0, 5);
        Assert.Equal(0, rig.Pick());

        Assert.Equal(0, rig.Reload(rig.Candidates[1]).Pick());
        Assert.Equal(1, rig.Reload(rig.Candidates[0] with { Weight = 0 }, rig.Candidates[1]).Pick());
        Assert.Equal(1, rig.Fill(0).Pick());
    }

    [Theory]
    [InlineData("lblc")]
    [InlineData("lblcr")]
    public void Who_does_not_answer_is_forgotten_for_who_does(string name)
    {
        var rig = new SchedulerRig(name, [9, 9, 9]).With(0, 1, 2);
        var pick = new SchedulePick(rig.Scheduler, SchedulerRig.Flow());
        Assert.True(pick.MoveNext(nowMs: 0, out var refusing));
        Assert.True(pick.MoveNext(nowMs: 0, out var answering));

        Assert.Equal((0, 1), (refusing, answering));
        Assert.Equal(1, rig.Pick());
        Assert.Equal(0, rig.Pick(client: 1));
    }

    [Fact]
    public void Hash_on_source_makes_the_client_the_key()
    {
        var rig = new SchedulerRig("lblc", [9, 9], 1, new SchedulerParameter("hash-on", "source")).With(0, 5);
        var flow = SchedulerRig.Flow();
        Assert.Equal(0, rig.Scheduler.Next(in flow, default, 0));

        rig.With(7, 0);
        Assert.Equal(0, rig.Scheduler.Next(flow with { Listen = SchedulerRig.Flow(1).Listen }, default, 0));
        Assert.Equal(1, rig.Scheduler.Next(flow with { Client = SchedulerRig.Flow(1).Client }, default, 0));
    }

    [Fact]
    public void Twice_as_many_destinations_as_it_holds_are_served()
    {
        var rig = new SchedulerRig("lblc", [900, 900]).With(0, 1);
        rig.Picks(2 * LocalityTable.Capacity);
        rig.With(2, 0);

        // Those that are remembered stay with the first, the others go to the second.
        var remembered = rig.Picks(2 * LocalityTable.Capacity).Count(i => i == 0);

        Assert.InRange(remembered, 1, LocalityTable.Capacity);
    }

    private static SchedulerRig Replicated(int members)
    {
        var rig = new SchedulerRig("lblcr", [.. Enumerable.Repeat(1, members)]);
        for (var i = 0; i < members; i++)
        {
            var index = rig.Pick();
            rig.Candidates[index].Load.Acquire();
            rig.Candidates[index].Load.Acquire();
        }

        for (var i = 0; i < members; i++)
        {
            Release(rig, i, 2);
        }

        return rig;
    }

    private static Candidate[] Equals(int count) => [.. Enumerable.Range(0, count).Select(i => SchedulerRig.Candidate(i, 9))];

    private static void SetLoad(SchedulerRig rig, int index, int sessions)
    {
        var load = rig.Candidates[index].Load;
        Release(rig, index, load.Active - sessions);
        while (load.Active < sessions)
        {
            load.Acquire();
        }
    }

    private static void Release(SchedulerRig rig, int index, int sessions)
    {
        for (; sessions > 0; sessions--)
        {
            rig.Candidates[index].Load.Release();
        }
    }
}
