using L4Lb.Host.Running;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Running;

public sealed class DebouncerTests : IDisposable
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();
    private readonly Debouncer _debouncer;
    private int _calls;

    public DebouncerTests() =>
        _debouncer = new Debouncer(_time, s_quiet, TimeSpan.FromSeconds(1), () => _calls++);

    [Fact]
    public void A_burst_is_one_call_once_it_is_quiet()
    {
        for (var i = 0; i < 5; i++)
        {
            _debouncer.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(0, _calls);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public void A_burst_without_end_is_not_waited_for()
    {
        for (var i = 0; i < 20; i++)
        {
            _debouncer.Signal();
            _time.Advance(TimeSpan.FromMilliseconds(90));
        }

        Assert.Equal(1, _calls);
    }

    [Fact]
    public void Two_bursts_are_two_calls()
    {
        _debouncer.Signal();
        _time.Advance(s_quiet);
        _debouncer.Signal();
        _time.Advance(s_quiet);

        Assert.Equal(2, _calls);
    }

    [Fact]
    public void Silence_is_no_call()
    {
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _calls);
    }

    public void Dispose() => _debouncer.Dispose();
}
