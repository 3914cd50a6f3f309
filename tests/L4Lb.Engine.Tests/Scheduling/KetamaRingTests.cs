using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>The ring by itself; that it is nginx's, the golden files and the system tests say.</summary>
public sealed class KetamaRingTests
{
    private const int Points = KetamaRing.StandardPoints;

    /// <summary>Arcs between random points: the standard deviation of a share is 1 / √points, 7.9 % for nginx's 160.</summary>
    [Fact]
    public void Shares_vary_by_one_over_the_root_of_the_points()
    {
        const int Backends = 500;
        var shares = Shares(new KetamaRing(Equal(Backends), Points), Backends);

        Assert.InRange(Math.Sqrt(shares.Average(share => Math.Pow((share * Backends) - 1, 2))), 0.066, 0.092);
    }

    [Fact]
    public void Does_not_depend_on_the_order_of_the_list()
    {
        // So many points that some fall together: 2^19 of 2^32 places make 32 pairs on average.
        var candidates = Equal(3276);
        Candidate[] reversed = [.. candidates.Reverse()];
        var (ring, other) = (new KetamaRing(candidates, Points), new KetamaRing(reversed, Points));

        Assert.InRange(ring.Count, (3276 * Points) - 100, (3276 * Points) - 1);
        Assert.Equal(ring.Count, other.Count);
        Assert.All(
            Enumerable.Range(0, ring.Count),
            point => Assert.Equal(candidates[ring.OwnerOf(point)].Address, reversed[other.OwnerOf(point)].Address));
    }

    [Theory]
    [InlineData(100, 100, 100, 1)] // nginx's number of points for each.
    [InlineData(3275, 1)]
    [InlineData(65535, 65535, 1)] // Too many: a part of them for each, and at least one.
    [InlineData(65535, 1)]
    public void Points_follow_weights(params int[] weights)
    {
        var ring = new KetamaRing([.. weights.Select((weight, i) => SchedulerRig.Candidate(i, weight))], Points);
        var counts = new int[weights.Length];
        for (var point = 0; point < ring.Count; point++)
        {
            counts[ring.OwnerOf(point)]++;
        }

        var part = Math.Min(1, (double)KetamaRing.MostPoints / (weights.Sum() * Points));
        for (var i = 0; i < weights.Length; i++)
        {
            var expected = Math.Max(1, weights[i] * Points * part);
            Assert.InRange(counts[i], (expected * 0.999) - 1, expected); // Those that fall together count once.
        }
    }

    private static Candidate[] Equal(int count) => [.. Enumerable.Range(0, count).Select(i => SchedulerRig.Candidate(i, 1))];

    /// <summary>The part of the clients of each, by asking a million places.</summary>
    private static double[] Shares(KetamaRing ring, int count)
    {
        const int Places = 1 << 20;
        var counts = new int[count];
        for (var place = 0; place < Places; place++)
        {
            counts[ring.OwnerOf(ring.PointAt((uint)place << 12))]++;
        }

        return Array.ConvertAll(counts, static n => (double)n / Places);
    }
}
