using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class SmoothCycleTests
{
    [Fact]
    public void Is_the_published_one() => Assert.Equal([0, 0, 1, 0, 2, 0, 0], SmoothCycle.Compile([5, 1, 1]));

    [Fact]
    public void Is_what_nginx_computes_for_any_weights()
    {
        var random = new Random(20240502);
        for (var round = 0; round < 300; round++)
        {
            var most = random.Next(2, 100);
            int[] weights = [1, .. Enumerable.Range(0, random.Next(0, 20)).Select(_ => random.Next(1, most))];

            Assert.Equal(ByTheBook(weights), SmoothCycle.Compile(weights));
        }
    }

    /// <summary>ngx_http_upstream_get_peer, with all peers up.</summary>
    private static int[] ByTheBook(int[] weights)
    {
        var (sum, current) = (weights.Sum(), new int[weights.Length]);
        var cycle = new int[sum];
        for (var turn = 0; turn < sum; turn++)
        {
            var best = -1;
            for (var i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i];
                best = best < 0 || current[i] > current[best] ? i : best;
            }

            current[best] -= sum;
            cycle[turn] = best;
        }

        return cycle;
    }
}
