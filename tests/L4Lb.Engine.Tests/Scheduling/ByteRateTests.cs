using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class ByteRateTests
{
    private const float WindowMs = 10_000;

    [Fact]
    public void A_steady_flow_is_told_at_its_rate()
    {
        var rate = default(ByteRate);
        for (var ms = 0; ms <= 100_000; ms += 10)
        {
            rate.Add(1_000, ms, WindowMs);
        }

        Assert.InRange(rate.At(100_000, WindowMs), 99_000, 101_000);
    }

    [Fact]
    public void What_has_stopped_falls_to_1_over_e_in_a_window()
    {
        var rate = default(ByteRate);
        rate.Add(1_000_000, 0, WindowMs);

        Assert.Equal(100_000f, rate.At(0, WindowMs), 1f);
        Assert.Equal(100_000 / Math.E, rate.At(10_000, WindowMs), 1.0);
    }

    [Fact]
    public void Nothing_is_no_rate()
    {
        var rate = default(ByteRate);
        rate.Add(0, 5, WindowMs);

        Assert.Equal(0f, rate.At(5, WindowMs));
    }

    [Fact]
    public async Task No_byte_is_lost_between_eight_threads()
    {
        var holder = new BackendLoad();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    holder.ByteRate.Add(64, 0, WindowMs);
                }
            },
            TaskCreationOptions.LongRunning)));

        // 2^13 · 625 is a float to the bit, and so is every sum on the way.
        Assert.Equal(8 * 10_000 * 64 / 10f, holder.ByteRate.At(0, WindowMs), 1f);
    }
}
