using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class RoundRobinSchedulerTests
{
    [Fact]
    public void Goes_round_in_list_order() => Assert.Equal("ABCABCABC", SchedulerRig.Equal("rr", 3).Letters(9));

    [Fact]
    public void Heeds_no_weight_but_0() => Assert.Equal("ACACAC", new SchedulerRig("rr", [9, 0, 1]).Letters(6));

    [Fact]
    public void Gives_30_sessions_15_and_15() => Assert.Equal([15, 15], SchedulerRig.Equal("rr", 2).Counts(30));

    [Fact]
    public void A_retry_goes_on_in_list_order() => Assert.Equal([0, 1, 2, 3], SchedulerRig.Equal("rr", 4).Order());

    [Fact]
    public void The_share_of_a_dead_backend_goes_to_all_others()
    {
        var rig = SchedulerRig.Equal("rr", 4);
        var counts = new int[4];

        for (var session = 0; session < 300; session++)
        {
            var pick = new SchedulePick(rig.Scheduler, SchedulerRig.Flow());
            while (pick.MoveNext(nowMs: 0, out var index))
            {
                counts[index]++;
                if (index != 0)
                {
                    break;
                }
            }
        }

        Assert.Equal([100, 100, 100], counts[1..]);
    }

    [Fact]
    public void The_share_of_a_full_backend_goes_to_all_others()
    {
        Assert.Equal([100, 0, 100, 100], SchedulerRig.Equal("rr", 4).Fill(1).Counts(300));
        Assert.Equal("ACDACD", SchedulerRig.Equal("rr", 4).Fill(1).Letters(6));
    }

    [Fact]
    public void A_long_run_of_full_backends_is_walked_over() =>
        Assert.All(SchedulerRig.Equal("rr", 200).Fill([.. Enumerable.Range(0, 199)]).Picks(20), i => Assert.Equal(199, i));

    [Fact]
    public async Task No_turn_is_lost_between_eight_threads()
    {
        var rig = SchedulerRig.Equal("rr", 3);
        var counts = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 30_000; i++)
                {
                    Interlocked.Increment(ref counts[rig.Pick()]);
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal([80_000, 80_000, 80_000], counts);
    }

    [Fact]
    public void The_round_goes_on_over_a_reload()
    {
        var rig = SchedulerRig.Equal("rr", 3);
        rig.Picks(4);

        var reloaded = SchedulerCatalog.Build(SchedulerSpec.RoundRobin, rig.Candidates, rig.Memory);

        Assert.Equal(1, reloaded.Next(SchedulerRig.Flow(), default, nowMs: 0));
    }
}
