using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Tests.Logging;

public sealed class AccessLogSampleTests
{
    private const int Sessions = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(128)]
    public void The_weights_of_the_lines_sum_up_to_the_sessions(int every)
    {
        var sample = new AccessLogSample(every);

        var lines = Enumerable.Range(1, Sessions).Select(id => sample.WeightOf(Records.Served(id))).Where(w => w > 0).ToList();

        Assert.All(lines, weight => Assert.Equal(every, weight));
        Assert.InRange(lines.Sum(), Sessions * 0.9, Sessions * 1.1);
    }

    [Fact]
    public void Each_of_the_backends_that_take_turns_has_its_share()
    {
        var sample = new AccessLogSample(10);
        var chosen = Enumerable.Range(1, Sessions).Where(id => sample.WeightOf(Records.Served(id)) > 0).ToList();

        Assert.All(Enumerable.Range(0, 10), backend => Assert.InRange(chosen.Count(id => id % 10 == backend), 850, 1150));
    }

    [Fact]
    public void What_did_not_end_in_order_always_has_a_line()
    {
        var sample = new AccessLogSample(int.MaxValue);
        var reasons = Enum.GetValues<CloseReason>().Except([CloseReason.None, CloseReason.Completed]);

        Assert.All(reasons, reason => Assert.Equal(1, sample.WeightOf(Records.Served(1) with { Reason = reason })));
        Assert.Equal(0, sample.WeightOf(Records.Served(1)));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 1)]
    public void Silence_is_how_a_flow_ends_that_was_answered(long responses, long weight) => Assert.Equal(
        weight,
        new AccessLogSample(int.MaxValue).WeightOf(
            Records.Served(1) with { Protocol = TransportProtocol.Udp, Reason = CloseReason.IdleTimeout, Requests = 3, Responses = responses }));
}
