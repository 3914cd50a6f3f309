using L4Lb.K8s.Leases;

namespace L4Lb.K8s.Tests.Leases;

public sealed class LeaseSimulationTests
{
    private const int Seeds = 300;

    private static readonly LeaseTerms s_short = Terms(3, 2, 0.5);

    /// <summary>Nothing between the deadline and the duration: promises made from the wrong moment are broken at once.</summary>
    private static readonly LeaseTerms s_tight = Terms(3, 2.999, 0.5);

    [Fact]
    public void Two_never_hold_it_at_the_same_time()
    {
        var most = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new LeaseSimulation(seed, s_tight, withWatches: seed % 2 == 0);
            world.Run(TimeSpan.FromMinutes(10));
            most = Math.Max(most, world.Transitions);
        }

        // They did hold it, many times in one story: the promise was not kept by doing nothing.
        Assert.InRange(most, 20, int.MaxValue);
    }

    [Fact]
    public void Nor_with_clocks_that_run_too_fast_or_too_slowly()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            new LeaseSimulation(seed, s_short, drift: 0.05, withWatches: seed % 2 == 0).Run(TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public void When_the_world_is_kind_again_somebody_holds_it_soon()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new LeaseSimulation(seed, s_short, withWatches: seed % 2 == 0);
            world.Run(TimeSpan.FromMinutes(1));
            world.IsCruel = false;

            // What was paused or cut off is so for at most three durations more.
            Assert.True(world.Run(s_short.Duration * 8, () => world.Holders.Any()), $"seed {seed}: nobody holds it");
        }
    }

    [Fact]
    public void After_a_holder_dies_somebody_holds_it_within_a_duration_and_a_retry()
    {
        var longest = TimeSpan.Zero;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new LeaseSimulation(seed, s_short, withWatches: seed % 2 == 0) { IsCruel = false };
            world.Run(TimeSpan.FromSeconds(20 + (seed * 0.01)));
            var died = world.Now;
            Assert.Single(world.Holders).Crash();
            Assert.True(world.Run(TimeSpan.FromMinutes(1), () => world.Holders.Any()));
            longest = world.Now - died > longest ? world.Now - died : longest;
        }

        var bound = s_short.Duration + (s_short.RetryPeriod * LeaseTerms.Jitter) + (LeaseSimulation.LongestHealthyDelay * 6);
        Assert.InRange(longest, s_short.Duration - s_short.RetryPeriod, bound);
    }

    private static LeaseTerms Terms(double duration, double deadline, double retry) => new()
    {
        Duration = TimeSpan.FromSeconds(duration),
        RenewDeadline = TimeSpan.FromSeconds(deadline),
        RetryPeriod = TimeSpan.FromSeconds(retry),
    };
}
