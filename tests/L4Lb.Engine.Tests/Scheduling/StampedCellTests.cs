using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class StampedCellTests
{
    [Fact]
    public void Starts_empty() => Assert.True(default(StampedCell).Read().IsEmpty);

    [Theory]
    [InlineData(1.5f, 0u)]
    [InlineData(3e12f, uint.MaxValue)]
    [InlineData(float.Epsilon, 0x80000000u)]
    public void Keeps_value_and_time(float value, uint atMs)
    {
        var stamped = new Stamped(value, atMs);

        Assert.Equal(stamped, Stamped.FromBits(stamped.ToBits()));
    }

    [Fact]
    public void Whoever_saw_something_older_replaces_nothing()
    {
        var cell = default(StampedCell);
        var seen = cell.Read();

        Assert.True(cell.TryReplace(seen, new Stamped(1, 1)));
        Assert.False(cell.TryReplace(seen, new Stamped(2, 2)));
        Assert.Equal(new Stamped(1, 1), cell.Read());
    }

    [Fact]
    public void Time_goes_on_past_32_bits() =>
        Assert.Equal(200, Stamped.At((1L << 32) - 100, 1).ElapsedMs((1L << 32) + 100));

    [Fact]
    public void A_clock_that_is_behind_has_seen_no_time_pass()
    {
        var stamped = Stamped.At(1000, 1);

        Assert.Equal(0, stamped.ElapsedMs(990));
        Assert.Equal(1000u, stamped.After(stamped.ElapsedMs(990), 2).AtMs);
    }
}
