using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class PeakEstimateTests
{
    private const float DecayMs = 1000;

    // tower's tests (tower/src/load/peak_ewma.rs): decay 1 s, 10 ms assumed; after 100 ms between 9 and 10 ms.
    [Fact]
    public void What_is_assumed_decays()
    {
        var estimate = default(PeakEstimate);

        Assert.Equal(10_000f, estimate.At(5_000, DecayMs, 10_000));
        Assert.Equal(9_048f, estimate.At(5_100, DecayMs, 10_000), 1f);
    }

    [Fact]
    public void A_peak_counts_at_once_and_fades()
    {
        var estimate = default(PeakEstimate);
        estimate.At(0, DecayMs, 20_000);

        estimate.Observe(200_000, 100, DecayMs);

        Assert.Equal(200_000f, estimate.At(100, DecayMs, 20_000));
        Assert.InRange(estimate.At(1_100, DecayMs, 20_000), 73_000, 100_000);
        Assert.InRange(estimate.At(11_100, DecayMs, 20_000), 0, 100);
    }

    [Fact]
    public void A_lower_sample_pulls_it_down_by_as_much_as_time_has_passed()
    {
        var estimate = default(PeakEstimate);
        estimate.Observe(100_000, 0, DecayMs);

        estimate.Observe(10_000, 1_000, DecayMs);

        Assert.Equal((100_000 * Math.Exp(-1)) + (10_000 * (1 - Math.Exp(-1))), estimate.At(1_000, DecayMs, 0), 1.0);
    }

    [Fact]
    public void A_lower_sample_at_the_same_time_says_nothing()
    {
        var estimate = default(PeakEstimate);
        estimate.Observe(100_000, 7, DecayMs);
        estimate.Observe(10, 7, DecayMs);

        Assert.Equal(100_000f, estimate.At(7, DecayMs, 0));
    }

    [Fact]
    public void Steady_samples_are_its_value()
    {
        var estimate = default(PeakEstimate);
        for (var ms = 0; ms < 20_000; ms += 10)
        {
            estimate.Observe(ms < 100 ? 900_000 : 5_000, ms, DecayMs);
        }

        Assert.Equal(5_000f, estimate.At(19_990, DecayMs, 0), 1f);
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        var (read, unread) = (default(PeakEstimate), default(PeakEstimate));
        read.Observe(100_000, 0, DecayMs);
        unread.Observe(100_000, 0, DecayMs);
        for (var ms = 0; ms < 500; ms++)
        {
            read.At(ms, DecayMs, 1);
        }

        read.Observe(50_000, 500, DecayMs);
        unread.Observe(50_000, 500, DecayMs);

        Assert.Equal(unread.At(500, DecayMs, 1), read.At(500, DecayMs, 1));
    }

    [Fact]
    public async Task The_peak_of_eight_threads_is_kept()
    {
        var holder = new BackendLoad();

        await Task.WhenAll(Enumerable.Range(1, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 1; i <= 10_000; i++)
                {
                    holder.PeakConnectTime.Observe((thread * 10_000) + i, 0, DecayMs);
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(90_000f, holder.PeakConnectTime.At(0, DecayMs, 0));
    }
}
