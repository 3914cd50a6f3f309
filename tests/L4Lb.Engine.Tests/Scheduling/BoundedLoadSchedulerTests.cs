using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class BoundedLoadSchedulerTests
{
    /// <summary>arXiv 1608.01350: nobody ever has more than ⌈c × m / n⌉, here by weight, whatever comes and goes.</summary>
    [Theory]
    [InlineData("1.25", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData("1.01", 1, 1, 1, 1, 1)]
    [InlineData("2", 5, 1, 3, 1)]
    public void Nobody_is_ever_above_the_ceiling(string balance, params int[] weights)
    {
        var rig = Rig(balance, weights);
        var random = new Random(1);
        var sessions = new List<int>();
        for (var step = 0; step < 20_000; step++)
        {
            if (sessions.Count > 0 && random.Next(sessions.Count < 500 ? 3 : 2) == 0)
            {
                var ended = random.Next(sessions.Count);
                rig.Candidates[sessions[ended]].Load.Release();
                sessions.RemoveAt(ended);
                continue;
            }

            // Few clients, so that without a bound some would get nearly everything.
            var index = rig.Pick(random.Next(5));
            sessions.Add(index);
            var ceiling = Math.Ceiling(double.Parse(balance) * sessions.Count * weights[index] / weights.Sum());
            Assert.InRange(rig.Candidates[index].Load.Acquire(), 1, Math.Max(1, ceiling));
        }
    }

    [Fact]
    public void A_client_has_its_own_backend_while_that_has_room()
    {
        var rig = Rig("1.25", [1, 1, 1, 1]);
        for (var client = 0; client < 200; client++)
        {
            Assert.Equal(rig.Pick(client), rig.Pick(client));
        }

        var own = rig.Pick();
        rig.Candidates[own].Load.Acquire();
        var other = rig.Pick();
        Assert.NotEqual(own, other); // ⌈1.25 × 2 / 4⌉ = 1, which it has.
        rig.Candidates[own].Load.Release();
        Assert.Equal(own, rig.Pick());
    }

    /// <summary>arXiv 1908.08762: what overflows spreads over all others, not onto the next.</summary>
    [Fact]
    public void What_overflows_one_spreads_over_the_others()
    {
        var rig = Rig("2", [.. Enumerable.Repeat(1, 10)]);
        var full = rig.Pick();
        rig.With([.. Enumerable.Range(0, 10).Select(i => i == full ? 10 : 1)]);

        int[] heirs = [.. Enumerable.Range(0, 5000).Where(client => FirstOf(client) == full).Select(rig.Pick)];

        Assert.Equal(9, heirs.Distinct().Count());
        Assert.DoesNotContain(full, heirs);

        int FirstOf(int client) => Rig("100", [.. Enumerable.Repeat(1, 10)]).Pick(client);
    }

    private static SchedulerRig Rig(string balance, int[] weights) =>
        new(new SchedulerSpec("chbl", [new("balance", balance), new("table-size", "1021")]),
            [.. weights.Select(static (weight, i) => SchedulerRig.Candidate(i, weight))]);
}
