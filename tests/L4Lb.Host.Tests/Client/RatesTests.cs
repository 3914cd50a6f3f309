using L4Lb.Host.Client.Top;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

public class RatesTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_rate_is_the_difference_of_two_answers_in_the_time_between()
    {
        var before = Samples.At(_time, [Samples.Service("web", total: 100, bytesIn: 1000, bytesOut: 5000) with { Retries = 2, Closed = Closed(1, 1) }]);
        _time.Advance(TimeSpan.FromSeconds(2));
        var now = Samples.At(_time, [Samples.Service("web", total: 150, bytesIn: 3000, bytesOut: 5500) with { Retries = 3, Closed = Closed(50, 7) }]);

        var rates = Assert.Single(Rates.OfServices(before, now, _time));

        Assert.Equal(("shop/web:http", 25.0, 1000.0, 250.0, 0.5), (rates.Name, rates.Sessions, rates.BytesIn, rates.BytesOut, rates.Retries));
        Assert.Equal(3, rates.Errors); // Those that completed are none.
        Assert.Equal(25, Rates.OfAll(before, now, _time).Sessions);
    }

    [Fact]
    public void A_service_that_came_between_has_all_of_its_counters_from_then()
    {
        var before = Samples.At(_time, [Samples.Service("web", total: 100)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        var now = Samples.At(_time, [Samples.Service("mail", total: 10), Samples.Service("web", total: 100)]);

        Assert.Equal([10.0, 0.0], Rates.OfServices(before, now, _time).Select(static r => r.Sessions));
    }

    [Fact]
    public void Counters_that_begin_anew_give_no_negative_rates()
    {
        var before = Samples.At(_time, [Samples.Service("web", total: 100, bytesIn: 1000)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        var now = Samples.At(_time, [Samples.Service("web", total: 5, bytesIn: 10)]);
        var restarted = now with { Status = now.Status with { Started = Samples.Started.AddDays(1) } };

        Assert.Equal((5.0, 10.0), Assert.Single(Rates.OfServices(before, now, _time)) is var r ? (r.Sessions, r.BytesIn) : default);
        Assert.Equal((5.0, 10.0), Rates.OfAll(before, restarted, _time) is var all ? (all.Sessions, all.BytesIn) : default);
    }

    [Fact]
    public void Two_answers_of_one_moment_are_no_division_by_zero()
    {
        var sample = Samples.At(_time, [Samples.Service("web", total: 100)]);

        Assert.Equal(0, Assert.Single(Rates.OfServices(sample, sample, _time)).Sessions);
    }

    private static Dictionary<string, long> Closed(long completed, long refused) =>
        new() { ["completed"] = completed, ["connectRefused"] = refused };
}
