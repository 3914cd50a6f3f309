using L4Lb.Engine.Relaying;

namespace L4Lb.Engine.Tests.Relaying;

public sealed class PoolTests
{
    [Fact]
    public void Buffers_are_counted_and_used_again()
    {
        using var pool = new BufferPool(4096);
        var buffers = Enumerable.Range(0, 100).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(100, pool.Rented);
        Assert.Equal(100, buffers.Distinct().Count());

        Array.ForEach(buffers, pool.Return);

        Assert.Equal(0, pool.Rented);
        var again = pool.Rent();
        Assert.Contains(again, buffers);
        pool.Return(again);
    }

    [Fact]
    public void Pipes_are_bounded_and_those_with_bytes_in_them_are_not_used_again()
    {
        using var pool = new PipePool(2);
        var (first, second) = (pool.Rent()!, pool.Rent()!);
        Assert.Null(pool.Rent());

        pool.Return(first, empty: true);
        Assert.Same(first, pool.Rent());
        pool.Return(second, empty: false);
        var third = pool.Rent()!;
        Assert.NotSame(second, third);

        Assert.Equal(2, pool.Rented);
        pool.Return(first, empty: true);
        pool.Return(third, empty: true);
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void No_pipes_is_a_bound_too()
    {
        using var pool = new PipePool(0);

        Assert.Null(pool.Rent());
    }
}
