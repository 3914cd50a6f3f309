using L4Lb.Engine.Health;

namespace L4Lb.Engine.Tests.Health;

public sealed class DueQueueTests
{
    private readonly DueQueue _queue = new();
    private readonly List<string> _done = [];

    [Fact]
    public void What_is_due_is_done_in_the_order_of_its_times()
    {
        _queue.Schedule(Item("b"), 20);
        _queue.Schedule(Item("a"), 10);
        _queue.Schedule(Item("c"), 30);

        _queue.RunDue(9);
        Assert.Empty(_done);
        _queue.RunDue(20);
        Assert.Equal(["a", "b"], _done);
        Assert.Equal(30, _queue.NextMs);
    }

    [Fact]
    public void What_was_moved_is_done_once_and_at_its_last_time()
    {
        var item = Item("a");
        _queue.Schedule(item, 10);
        _queue.Schedule(item, 50);
        _queue.Schedule(item, 30);

        _queue.RunDue(29);
        Assert.Empty(_done);
        _queue.RunDue(100);
        Assert.Equal(["a"], _done);
        Assert.False(item.IsScheduled);
        Assert.Null(_queue.NextMs);
    }

    [Fact]
    public void What_was_cancelled_is_not_done_and_may_be_scheduled_again()
    {
        var item = Item("a");
        _queue.Schedule(item, 10);
        item.Cancel();
        _queue.RunDue(20);
        Assert.Empty(_done);

        _queue.Schedule(item, 30);
        _queue.RunDue(30);
        Assert.Equal(["a"], _done);
    }

    [Fact]
    public void What_is_done_may_schedule_itself_again()
    {
        DueItem? item = null;
        item = new DueItem(() =>
        {
            _done.Add("a");
            _queue.Schedule(item!, _done.Count * 10);
        });
        _queue.Schedule(item, 0);

        _queue.RunDue(35);

        Assert.Equal(4, _done.Count);
        Assert.Equal(40, _queue.NextMs);
    }

    private DueItem Item(string name) => new(() => _done.Add(name));
}
