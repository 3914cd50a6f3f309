using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class BackendLoadTests
{
    [Fact]
    public void Counts_acquires_less_releases()
    {
        var load = new BackendLoad();

        Assert.Equal(1, load.Acquire());
        Assert.Equal(2, load.Acquire());
        Assert.Equal(1, load.Release());
        Assert.Equal(1, load.Active);
    }

    [Fact]
    public void Once_full_it_stays_so_until_there_are_few()
    {
        var load = new BackendLoad();
        load.Bound(most: 4, resumeBelow: 2);
        for (var i = 0; i < 4; i++)
        {
            Assert.True(load.TryAcquire());
        }

        Assert.False(load.TryAcquire());
        load.Release();
        load.Release();
        Assert.True(load.IsFull);
        load.Release();
        Assert.False(load.IsFull);
        Assert.True(load.TryAcquire());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task Threads_that_settle_at_once_never_leave_it_closed(int most, int resumeBelow)
    {
        var load = new BackendLoad();
        load.Bound(most, resumeBelow);
        for (var round = 0; round < 50; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    for (var i = 0; i < 2_000; i++)
                    {
                        if (load.TryAcquire())
                        {
                            load.Release();
                        }
                    }
                },
                TaskCreationOptions.LongRunning)));
            Assert.Equal((0, false), (load.Active, load.IsFull));
        }
    }
}
