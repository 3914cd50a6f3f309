using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Shards;

public sealed class OpenListTests
{
    private readonly OpenList<Item> _list = new();

    [Fact]
    public void A_walk_comes_once_to_everyone_who_stays_whoever_comes_or_leaves_meanwhile()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var staying = Enumerable.Range(0, random.Next(40)).Select(_ => Add()).ToHashSet();
            var leaving = Enumerable.Range(0, random.Next(40)).Select(_ => Add()).ToList();
            var met = new List<Item>();
            _list.BeginWalk();
            while (_list.Walk(1 + random.Next(7), met.Add))
            {
                Add();
                if (leaving.Count > 0)
                {
                    var i = random.Next(leaving.Count);
                    _list.Remove(leaving[i]);
                    leaving.RemoveAt(i);
                }
            }

            Assert.Equal(met.Count, met.Distinct().Count());
            Assert.Superset(staying, met.ToHashSet());
            _list.ForEach(_list.Remove);
            Assert.Null(_list.First);
        }
    }

    [Fact]
    public void Who_is_visited_may_leave()
    {
        var items = Enumerable.Range(0, 10).Select(_ => Add()).ToList();
        _list.BeginWalk();

        while (_list.Walk(3, _list.Remove))
        {
        }

        Assert.Null(_list.First);
        Assert.All(items, item => Assert.True(item is { Older: null, Newer: null }));
    }

    private Item Add()
    {
        var item = new Item();
        _list.Add(item);
        return item;
    }

    private sealed class Item : IOpen<Item>
    {
        public Item? Older { get; set; }

        public Item? Newer { get; set; }
    }
}
