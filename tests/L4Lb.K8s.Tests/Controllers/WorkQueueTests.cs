using L4Lb.K8s.Controllers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Controllers;

public sealed class WorkQueueTests
{
    private readonly ManualTime _time = new();
    private readonly WorkQueue<string> _queue;
    private readonly IAsyncEnumerator<string> _reader;
    private double _dice;

    public WorkQueueTests()
    {
        _queue = new(_time, () => _dice);
        _reader = _queue.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_key_waits_once()
    {
        _queue.Add("a");
        _queue.Add("a");
        _queue.Add("b");
        Assert.Equal("a", await NextAsync());
        Assert.Equal("b", await NextAsync());
        Assert.False(_reader.MoveNextAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task What_is_added_while_it_is_worked_on_waits_until_that_is_done()
    {
        _queue.Add("a");
        Assert.Equal("a", await NextAsync());
        _queue.Add("a");
        _queue.Add("a");
        var next = _reader.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        _queue.Done("a");
        Assert.True(await next);
        Assert.Equal("a", _reader.Current);
        _queue.Done("a");
        Assert.False(_reader.MoveNextAsync().AsTask().IsCompleted);
    }

    [Theory]
    [InlineData(0, 1, 5)]
    [InlineData(0, 4, 40)]
    [InlineData(1, 1, 6)]
    [InlineData(1, 30, 300_000)]
    public async Task A_key_that_fails_waits_twice_as_long_each_time(double dice, int failures, int milliseconds)
    {
        _dice = dice;
        for (var i = 1; i < failures; i++)
        {
            _queue.Retry("a");
            _time.Advance(TimeSpan.FromMinutes(6));
            await NextAsync();
            _queue.Done("a");
        }

        _queue.Retry("a");
        Assert.Equal(failures, _queue.Retries("a"));
        var next = _reader.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(await next);
        _queue.Forget("a");
        Assert.Equal(0, _queue.Retries("a"));
    }

    [Fact]
    public async Task All_keys_together_retry_ten_times_a_second_after_a_burst()
    {
        for (var i = 0; i < 102; i++)
        {
            _queue.Retry($"{i}");
        }

        _time.Advance(TimeSpan.FromMilliseconds(5));
        for (var i = 0; i < 100; i++)
        {
            await NextAsync();
        }

        var next = _reader.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(94));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await next);
        Assert.Equal("100", _reader.Current);
    }

    [Fact]
    public async Task Of_two_delays_the_one_that_ends_first_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", await NextAsync());
        _queue.Done("a");
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_reader.MoveNextAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_queue_that_closes_finishes_what_waits_and_takes_nothing_new()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.AddAfter("late", TimeSpan.FromSeconds(1));
        await NextAsync();
        _queue.Add("a");
        var drained = _queue.CloseAsync();
        _queue.Add("new");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("b", await NextAsync());
        _queue.Done("b");
        Assert.False(drained.IsCompleted);
        _queue.Done("a");
        Assert.Equal("a", await NextAsync());
        Assert.False(drained.IsCompleted);
        _queue.Done("a");
        await drained;
        Assert.False(await _reader.MoveNextAsync());
    }

    private async Task<string> NextAsync()
    {
        Assert.True(await _reader.MoveNextAsync());
        return _reader.Current;
    }
}
