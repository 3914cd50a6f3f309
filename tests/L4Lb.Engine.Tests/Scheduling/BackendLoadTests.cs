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
}
