using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class GoldenRotationTests
{
    public static TheoryData<int[]> Weights => new(
        new[] { 65535, 65534 },
        new[] { 65535, 1, 3, 4000 },
        new[] { 20000, 10000, 5000, 2500, 1 },
        new[] { 30030, 30030, 30030, 1 },
        Enumerable.Range(1, 200).ToArray());

    [Theory, MemberData(nameof(Weights))]
    public void Any_window_of_the_sum_has_exact_shares(int[] weights)
    {
        var sum = weights.Sum();
        var rotation = new GoldenRotation(weights);
        int[] picks = [.. Enumerable.Range(0, 2 * sum).Select(turn => rotation.At((ulong)turn))];
        var counts = new int[weights.Length];
        foreach (var pick in picks[..sum])
        {
            counts[pick]++;
        }

        Assert.Equal(weights, counts);

        // Moving the window by one takes in what falls out: then every window is exact because the first one is.
        Assert.Equal(picks[..sum], picks[sum..]);
    }

    [Theory, MemberData(nameof(Weights))]
    public void Nobody_is_ever_far_from_their_share(int[] weights)
    {
        var sum = weights.Sum();
        var rotation = new GoldenRotation(weights);
        var counts = new int[weights.Length];
        var farthest = 0.0;
        for (var turn = 0; turn < sum; turn++)
        {
            counts[rotation.At((ulong)turn)]++;
            for (var i = 0; i < counts.Length; i++)
            {
                farthest = Math.Max(farthest, Math.Abs(counts[i] - ((turn + 1.0) * weights[i] / sum)));
            }
        }

        Assert.InRange(farthest, 0, 4);
    }

    [Theory]
    [InlineData(16_385)]
    [InlineData(131_069)]
    [InlineData(30_030UL * 510_510)]
    [InlineData(1UL << 32)]
    [InlineData(65_535UL * 1_000_000)]
    public void The_step_hits_every_point_and_spreads_them(ulong sum)
    {
        var step = GoldenRotation.BestStep(sum);
        var (a, b, greatest) = (sum, step, 0UL);
        while (b > 0)
        {
            greatest = Math.Max(greatest, a / b);
            (a, b) = (b, a % b);
        }

        Assert.Equal(1UL, a);
        Assert.InRange(greatest, 1UL, 8UL);
    }

    [Fact]
    public void Knows_sums_whose_products_need_more_than_64_bits()
    {
        int[] weights = [.. Enumerable.Repeat(65535, 70_000)];
        var rotation = new GoldenRotation(weights);
        var counts = new int[weights.Length];

        for (var turn = 0UL; turn < 700_000; turn++)
        {
            counts[rotation.At(turn)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 8, 12));
    }
}
