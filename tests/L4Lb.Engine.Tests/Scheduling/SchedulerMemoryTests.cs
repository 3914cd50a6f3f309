using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class SchedulerMemoryTests
{
    [Fact]
    public void Turns_count_from_0()
    {
        var memory = new SchedulerMemory(1);

        Assert.Equal([0UL, 1UL, 2UL], [memory.NextTurn(), memory.NextTurn(), memory.NextTurn()]);
    }

    [Fact]
    public void Dice_are_those_of_splitmix64()
    {
        // First outputs for seed 1234567 of the reference implementation (Vigna, splitmix64.c).
        var memory = new SchedulerMemory(1234567);

        Assert.Equal(6457827717110365317UL, memory.NextRandom());
        Assert.Equal(3203168211198807973UL, memory.NextRandom());
        Assert.Equal(9817491932198370423UL, memory.NextRandom());
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(6UL)]
    [InlineData((1UL << 63) + 1)]
    [InlineData(ulong.MaxValue)]
    public void Bounded_dice_stay_below_the_bound(ulong bound)
    {
        var memory = new SchedulerMemory(3);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(memory.NextRandom(bound) < bound));
    }

    [Fact]
    public void Bounded_dice_show_all_sides_alike()
    {
        var memory = new SchedulerMemory(3);
        var counts = new int[6];

        for (var i = 0; i < 60_000; i++)
        {
            counts[memory.NextRandom(6)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }
}
