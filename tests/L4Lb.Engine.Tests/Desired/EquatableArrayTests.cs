using System.Collections.Immutable;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Desired;

public sealed class EquatableArrayTests
{
    [Fact]
    public void Equals_by_elements()
    {
        EquatableArray<string> left = ["a", "b"];
        EquatableArray<string> right = ["a", "b"];

        Assert.True(left == right);
        Assert.True(left.Equals((object)right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void Differs_by_element_order_or_length()
    {
        EquatableArray<int> array = [1, 2];

        Assert.True(array != [2, 1]);
        Assert.True(array != [1]);
        Assert.True(array != default);
        Assert.False(array.Equals("1, 2"));
    }

    [Fact]
    public void Its_default_is_the_empty_array()
    {
        var none = default(EquatableArray<int>);

        Assert.True(none == []);
        Assert.Equal(((EquatableArray<int>)[]).GetHashCode(), none.GetHashCode());
        Assert.Equal(none.AsSpan().Length, none.Count);
        Assert.True(none.AsSpan().IsEmpty);
        Assert.Empty((IEnumerable<int>)none);
    }

    [Fact]
    public void Enumerates_and_indexes()
    {
        var array = Enumerable.Range(1, 3).ToEquatableArray();
        var sum = 0;
        foreach (var item in array)
        {
            sum += item;
        }

        Assert.Equal(6, sum);
        Assert.Equal(2, array[1]);
        Assert.Equal([1, 2, 3], array.ToList());
    }

    [Fact]
    public void Makes_records_that_hold_it_compare_by_value()
    {
        static ServiceSpec Spec(int weight) => new()
        {
            Key = new("default", "web", "80/tcp"),
            Backends = [new() { Address = new(System.Net.IPAddress.Loopback, 80), Weight = weight }],
        };

        Assert.Equal(Spec(1), Spec(1));
        Assert.NotEqual(Spec(1), Spec(2));
    }

    [Fact]
    public void Wraps_without_copying()
    {
        var items = ImmutableArray.Create(1, 2, 3);

        Assert.True(new EquatableArray<int>(items).AsSpan() == items.AsSpan());
    }
}
