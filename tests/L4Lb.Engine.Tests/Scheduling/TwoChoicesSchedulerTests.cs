using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class TwoChoicesSchedulerTests
{
    private const int Picks = 100_000;

    [Fact]
    public void The_first_has_the_bias_of_the_kernels_inclusive_draw() =>
        // Idle, so the first draw decides: (w + 1) / (W + 1) for the first, w / (W + 1) for the others.
        AssertShares([2.0 / 5, 1.0 / 5, 2.0 / 5], new SchedulerRig("twos", [1, 1, 2], seed: 3).Counts(Picks));

    [Fact]
    public void Unbiased_has_none() =>
        AssertShares([1.0 / 4, 1.0 / 4, 2.0 / 4], new SchedulerRig("twos", [1, 1, 2], 3, new SchedulerParameter("unbiased", "")).Counts(Picks));

    [Fact]
    public void The_less_loaded_of_two_is_taken() =>
        // The busy one is taken when it was drawn twice: 3/5 squared with the bias.
        AssertShares([9.0 / 25, 16.0 / 25], new SchedulerRig("twos", [2, 2], seed: 3).With(3, 2).Counts(Picks));

    [Fact]
    public void Loads_count_by_weight() =>
        // 4 on a weight of 9 are less than 1 on a weight of 1, which is taken when drawn twice: 1/11 squared.
        AssertShares([120.0 / 121, 1.0 / 121], new SchedulerRig("twos", [9, 1], seed: 3).With(4, 1).Counts(Picks));

    [Fact]
    public void With_one_full_the_others_share_with_the_bias_on_their_first() =>
        // Drawn again among weights 2 and 3: (2 + 1) / (5 + 1) for the first of the list.
        AssertShares([3.0 / 6, 0, 3.0 / 6], new SchedulerRig("twos", [2, 5, 3], seed: 3).Fill(1).Counts(Picks));

    private static void AssertShares(double[] shares, int[] counts)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            var deviation = Math.Sqrt(Picks * shares[i] * (1 - shares[i]));
            Assert.InRange(counts[i], (Picks * shares[i]) - (5 * deviation), (Picks * shares[i]) + (5 * deviation));
        }
    }
}
