using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class PowerOfChoicesSchedulerTests
{
    [Fact]
    public void Of_two_the_one_with_fewer_sessions_per_weight() =>
        Assert.All(new SchedulerRig("p2c", [10, 5]).With(6, 2).Picks(50), i => Assert.Equal(1, i));

    [Fact]
    public void Idle_backends_share_in_proportion_to_weights()
    {
        int[] weights = [1, 0, 5, 10, 84];

        Binomial.Assert(weights, new SchedulerRig("p2c", weights, seed: 42).Counts(100_000));
    }

    [Fact]
    public void Open_sessions_spread_in_proportion_to_weights()
    {
        var active = new SchedulerRig("p2c", [4, 3, 2], seed: 42).Hold(900);

        Assert.InRange(active[0], 397, 403);
        Assert.InRange(active[1], 297, 303);
        Assert.InRange(active[2], 197, 203);
    }

    [Fact]
    public void The_busiest_of_all_is_never_chosen() =>
        Assert.DoesNotContain(2, SchedulerRig.Equal("p2c", 5).With(1, 1, 2, 1, 1).Picks(1000));

    // n balls into n bins: ln ln n / ln 2 + O(1) with two choices, ln n / ln ln n (1 + o(1)) with one (Azar et al.;
    // Mitzenmacher's thesis, table 2.2, has 3…4 against 6…9 at n = 2^12 … 2^16).
    [Theory]
    [InlineData(4096)]
    [InlineData(65536)]
    public void As_many_sessions_as_backends_pile_up_no_higher_than_published(int n)
    {
        var two = Most("p2c", n, n, choices: 2);
        var one = Most("p2c", n, n, choices: 1);

        Assert.InRange(two, 2, Math.Log(Math.Log(n)) / Math.Log(2) + 1);
        Assert.InRange(one, 6, 10);
    }

    // m balls into n bins, m far above n: the gap above the average stays ln ln n / ln d + O(1), whatever m (Berenbrink,
    // Czumaj, Steger, Vöcking, "Balanced Allocations: The Heavily Loaded Case", STOC 2000); with one choice it grows as
    // sqrt(2 m ln n / n).
    [Theory]
    [InlineData(2, 10)]
    [InlineData(2, 100)]
    [InlineData(3, 100)]
    public void The_gap_above_the_average_does_not_grow_with_the_sessions(int choices, int sessionsPerBackend)
    {
        const int n = 2000;
        var gap = Most("p2c", n, n * sessionsPerBackend, choices) - sessionsPerBackend;

        Assert.InRange(gap, 1, Math.Log(Math.Log(n)) / Math.Log(choices) + 1);
    }

    [Fact]
    public void One_choice_is_random()
    {
        int[] weights = [1, 3, 6];
        var rig = new SchedulerRig("p2c", weights, seed: 42, new SchedulerParameter("choices", "1")).With(100, 0, 0);

        Binomial.Assert(weights, rig.Counts(50_000));
    }

    [Fact]
    public void All_choices_find_the_least_of_all()
    {
        var rig = new SchedulerRig("p2c", [1, 1, 1, 1, 1], seed: 1, new SchedulerParameter("choices", "all"));

        Assert.All(rig.With(3, 2, 1, 2, 3).Picks(20), i => Assert.Equal(2, i));
        Assert.Equal([2, 1, 3, 0, 4], rig.Order().Take(1).Concat(rig.Order().Skip(1).Take(2).Order()).Concat(rig.Order().Skip(3).Order()));
    }

    [Fact]
    public void Full_ones_are_drawn_again()
    {
        var rig = SchedulerRig.Equal("p2c", 1000);
        for (var i = 0; i < 1000; i++)
        {
            if (i != 777)
            {
                rig.Candidates[i].Load.Bound(1, 0);
                rig.Candidates[i].Load.Acquire();
            }
        }

        Assert.All(rig.Picks(50), i => Assert.Equal(777, i));
        Assert.Equal([777], rig.Order());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("17")]
    [InlineData("two")]
    public void Other_numbers_of_choices_are_a_problem(string choices) =>
        Assert.Equal(
            $"scheduler \"p2c\": choices={choices}: expected a number from 1 to 16, or all",
            SchedulerCatalog.Validate(new SchedulerSpec("p2c", [new SchedulerParameter("choices", choices)])));

    private static int Most(string name, int backends, int sessions, int choices) =>
        new SchedulerRig(
            name, [.. Enumerable.Repeat(1, backends)], seed: 20240503, new SchedulerParameter("choices", $"{choices}"))
            .Hold(sessions).Max();
}
