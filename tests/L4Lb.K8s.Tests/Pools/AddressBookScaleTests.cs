using System.Diagnostics;
using L4Lb.K8s.Pools;
using static L4Lb.K8s.Tests.Pools.PoolRig;

namespace L4Lb.K8s.Tests.Pools;

/// <summary>
/// Time that giving out addresses takes: the best of some tries, since other tests run beside this one. The limit is far above
/// what it takes, and far below what counting would.
/// </summary>
public sealed class AddressBookScaleTests(ITestOutputHelper output)
{
    private const int Tries = 5;
    private const int Services = 10_000;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private static readonly AddressRequest[] s_requests = [.. Enumerable.Range(0, Services).Select(static i => Web($"s{i}"))];

    [Fact]
    public void Ten_thousand_Services_get_addresses_of_a_slash_16_within_a_second() => Within(static () =>
    {
        var rig = new PoolRig(Pool("a", "10.0.0.0/16"));
        Assert.Equal(Services, AssignAll(rig));
        Assert.Equal((UInt128)Services, rig.Book.CountHeld(rig.Set.Pools[0], isIPv4: true));
    });

    [Fact]
    public void Ten_thousand_Services_keep_their_addresses_or_fill_gaps_within_a_second()
    {
        var rig = new PoolRig(Pool("a", "10.0.0.0/16"));
        Assert.Equal(Services, AssignAll(rig));
        Within(() =>
        {
            foreach (var request in s_requests.Where(static (_, i) => i % 2 == 0))
            {
                rig.Book.Release(request.Name);
            }

            Assert.Equal((UInt128)Services / 2, rig.Book.CountHeld(rig.Set.Pools[0], isIPv4: true));
            Assert.Equal(Services, AssignAll(rig));
        });
    }

    [Fact]
    public void Ten_thousand_Services_that_find_a_pool_full_are_told_within_a_second()
    {
        var rig = new PoolRig(Pool("a", "10.0.0.0/18"));
        for (var i = 0; i < 1 << 14; i++)
        {
            Assert.Single(rig.Book.Assign(Web($"early{i}"), rig.Set).Addresses);
        }

        Within(() => Assert.Equal(0, AssignAll(rig)));
    }

    private static int AssignAll(PoolRig rig) => s_requests.Sum(request => rig.Book.Assign(request, rig.Set).Addresses.Count);

    private void Within(Action action)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var started = Stopwatch.GetTimestamp();
            action();
            var took = Stopwatch.GetElapsedTime(started);
            best = took < best ? took : best;
        }

        output.WriteLine($"{best.TotalMilliseconds} ms");
        Assert.InRange(best, TimeSpan.Zero, s_limit);
    }
}
