using L4Lb.K8s.Informers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Informers;

public sealed class BackoffTests
{
    private readonly ManualTime _time = new();
    private readonly Backoff _backoff;
    private double _dice;

    public BackoffTests() => _backoff = new(_time, () => _dice);

    [Fact]
    public void Pauses_double_up_to_half_a_minute()
    {
        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], Enumerable.Range(0, 10).Select(_ => Fail()));
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal(30, Fail());
        }
    }

    [Fact]
    public void Dice_lengthen_a_pause_by_up_to_a_half()
    {
        _dice = 1;
        Assert.Equal(0.3, Fail(), 9);
        _dice = 0.5;
        Assert.Equal(0.5, Fail(), 9);
    }

    [Fact]
    public void A_server_is_left_alone_as_long_as_it_asks_but_not_for_hours()
    {
        Assert.Equal(7, Fail(7));
        Assert.Equal(0.4, Fail(0.1));
        Assert.Equal(300, Fail(86_400));
    }

    [Fact]
    public void A_minute_without_failure_makes_the_next_the_first()
    {
        Assert.Equal([0.2, 0.4, 0.8], [Fail(), Fail(), Fail()]);
        _time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Equal(1.6, Fail());
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0.2, Fail());
    }

    // The pause is taken, and the next try fails at once.
    private double Fail(double? retryAfter = null)
    {
        var pause = _backoff.Next(retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        _time.Advance(pause);
        return pause.TotalSeconds;
    }
}
