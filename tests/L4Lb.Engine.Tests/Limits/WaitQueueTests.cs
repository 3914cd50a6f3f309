using L4Lb.Engine.Limits;

namespace L4Lb.Engine.Tests.Limits;

public sealed class WaitQueueTests
{
    private readonly WaitQueue _queue = new();
    private readonly List<int> _turns = [];

    [Fact]
    public void The_first_to_join_looks_at_once_and_those_behind_wait()
    {
        Join(1);
        Assert.Equal([1], Turns());

        _queue.Yield(_places[1], passes: false);
        Join(2);
        Join(3);
        Assert.Empty(Turns());
        Assert.Equal(3, _queue.Count);
    }

    [Fact]
    public void Room_goes_to_the_first_and_who_is_served_hands_the_turn_on()
    {
        JoinAll(1, 2, 3);

        _queue.Offer();
        Assert.Equal([1], Turns());
        _queue.Leave(_places[1]);
        Assert.Equal([2], Turns());
        _queue.Yield(_places[2], passes: false);
        Assert.Empty(Turns());

        _queue.Offer();
        Assert.Equal([2], Turns());
    }

    [Fact]
    public void Room_that_comes_while_somebody_looks_is_not_missed()
    {
        JoinAll(1, 2);

        _queue.Offer();
        _queue.Offer();
        Assert.Equal([1], Turns());
        _queue.Yield(_places[1], passes: false);
        Assert.Equal([1], Turns());
        _queue.Yield(_places[1], passes: false);
        Assert.Empty(Turns());
    }

    [Fact]
    public void Room_that_only_the_first_cannot_use_goes_to_the_next_and_ranks_stay()
    {
        JoinAll(1, 2, 3);

        _queue.Offer();
        _queue.Yield(_places[1], passes: true);
        _queue.Leave(_places[2]);
        Assert.Equal([1, 2, 1], Turns());
        _queue.Yield(_places[1], passes: true);
        _queue.Yield(_places[3], passes: true);
        Assert.Equal([3], Turns());

        Join(4);
        Assert.Equal([4], Turns());
    }

    [Fact]
    public void Who_gives_up_with_the_turn_hands_it_on()
    {
        JoinAll(1, 2);

        _queue.Offer();
        _queue.Leave(_places[1]);
        _queue.Leave(_places[1]);
        Assert.Equal([1, 2], Turns());
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Who_gives_up_without_the_turn_disturbs_nobody()
    {
        JoinAll(1, 2, 3);

        _queue.Leave(_places[2]);
        Assert.Empty(Turns());
        _queue.Offer();
        _queue.Leave(_places[1]);
        Assert.Equal([1, 3], Turns());
    }

    [Fact]
    public void A_full_queue_takes_nobody()
    {
        JoinAll(1, 2);

        Assert.False(_queue.TryJoin(new TestPlace(() => { }), most: 2, out _));
        Assert.False(new WaitQueue().TryJoin(new TestPlace(() => { }), most: 0, out _));
        Assert.Equal(2, _queue.Count);
    }

    [Fact]
    public void An_answer_without_the_turn_changes_nothing()
    {
        JoinAll(1, 2);

        _queue.Yield(_places[2], passes: true);
        Assert.Empty(Turns());
    }

    private readonly Dictionary<int, TestPlace> _places = [];

    private void Join(int name)
    {
        _places[name] = new TestPlace(() => _turns.Add(name));
        Assert.True(_queue.TryJoin(_places[name], most: 100, out var position));
        Assert.Equal(_queue.Count, position);
    }

    /// <summary>All have joined and found nothing.</summary>
    private void JoinAll(params int[] names)
    {
        foreach (var name in names)
        {
            Join(name);
        }

        _queue.Yield(_places[names[0]], passes: false);
        _turns.Clear();
    }

    private int[] Turns()
    {
        int[] turns = [.. _turns];
        _turns.Clear();
        return turns;
    }
}

internal sealed class TestPlace(Action onTurn) : QueuePlace
{
    internal override void OnTurn() => onTurn();
}
