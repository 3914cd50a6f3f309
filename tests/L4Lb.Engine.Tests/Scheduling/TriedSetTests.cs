using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class TriedSetTests
{
    [Fact]
    public void Is_empty_by_default()
    {
        var tried = default(TriedSet);

        Assert.Equal(0, tried.Count);
        Assert.False(tried.Contains(0));
    }

    [Fact]
    public void Holds_each_index_once()
    {
        var tried = Of(5, 3, 5);

        Assert.Equal(2, tried.Count);
        Assert.True(tried.Contains(3));
        Assert.True(tried.Contains(5));
        Assert.False(tried.Contains(4));
    }

    [Fact]
    public void Ignores_what_goes_beyond_its_capacity()
    {
        var tried = Of([.. Enumerable.Range(0, TriedSet.Capacity + 1)]);

        Assert.Equal(TriedSet.Capacity, tried.Count);
        Assert.False(tried.Contains(TriedSet.Capacity));
    }

    [Fact]
    public void What_is_removed_makes_room()
    {
        var tried = Of(9, 2, 7);

        tried.Remove(9);
        tried.Remove(5);

        Assert.Equal((2, false, true, true), (tried.Count, tried.Contains(9), tried.Contains(2), tried.Contains(7)));
        tried.Add(9);
        Assert.Equal((3, true), (tried.Count, tried.Contains(9)));
    }

    [Fact]
    public void Copies_in_ascending_order()
    {
        var copy = new int[TriedSet.Capacity];

        var count = Of(9, 2, 7).CopySortedTo(copy);

        Assert.Equal([2, 7, 9], copy[..count]);
    }

    private static TriedSet Of(params int[] indices)
    {
        var tried = default(TriedSet);
        Array.ForEach(indices, index => tried.Add(index));
        return tried;
    }
}
