using L4Lb.Host.ProxyHealth;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.ProxyHealth;

public sealed class SyncHealthTests
{
    private readonly ManualTime _time = new();
    private readonly SyncHealth _health;

    public SyncHealthTests() => _health = new(_time);

    [Fact]
    public void Without_anything_to_do_nothing_is_overdue()
    {
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((false, true, null), (_health.IsSyncOverdue, _health.IsNodeEligible, _health.LastSync));
    }

    [Fact]
    public void The_oldest_change_that_waits_counts()
    {
        _health.Queued();
        _time.Advance(TimeSpan.FromSeconds(59));
        _health.Queued();
        Assert.False(_health.IsSyncOverdue);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_health.IsSyncOverdue);
        _health.Synced();
        Assert.Equal((false, DateTimeOffset.UnixEpoch.AddMinutes(1)), (_health.IsSyncOverdue, _health.LastSync));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_health.IsSyncOverdue);
    }
}
