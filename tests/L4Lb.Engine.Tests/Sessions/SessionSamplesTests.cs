using System.Diagnostics;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class SessionSamplesTests : IDisposable
{
    private const SchedulerSamples Connect = SchedulerSamples.ConnectTime;
    private const SchedulerSamples FirstByte = SchedulerSamples.FirstByteTime;
    private const SchedulerSamples Bytes = SchedulerSamples.Bytes;

    // Never started: its clock stands still.
    private readonly Shard _shard = new(0);

    public void Dispose() => _shard.Dispose();

    [Theory]
    [InlineData(SchedulerSamples.None)]
    [InlineData(Connect)]
    public void Nothing_is_made_for_who_does_not_ask_what_is_relayed(SchedulerSamples samples) =>
        Assert.Null(SessionSamples.For(new Scheduler(samples), 0, _shard));

    [Fact]
    public void Connect_times_are_told_to_who_asks()
    {
        var (asks, other) = (new Scheduler(Connect), new Scheduler(FirstByte | Bytes));
        var begunAt = Stopwatch.GetTimestamp() - (Stopwatch.Frequency / 100);

        SessionSamples.Connected(asks, 7, begunAt, nowMs: 5);
        SessionSamples.Connected(other, 7, begunAt, nowMs: 5);

        var (index, sample, value) = Assert.Single(asks.Told);
        Assert.Equal((7, Connect), (index, sample));
        Assert.InRange(value, 10_000, 10_000_000);
        Assert.Empty(other.Told);
    }

    [Fact]
    public void The_first_byte_is_told_once()
    {
        var scheduler = new Scheduler(FirstByte);
        var samples = SessionSamples.For(scheduler, 3, _shard)!;

        samples.Received(100, fromClient: true);
        Assert.Empty(scheduler.Told);
        for (var i = 0; i < 10; i++)
        {
            samples.Received(100, fromClient: false);
            samples.Received(100, fromClient: true);
        }

        samples.End();
        Assert.Equal([(3, FirstByte)], scheduler.Told.Select(told => (told.Index, told.Sample)));
    }

    [Fact]
    public void A_short_wait_in_vain_says_nothing()
    {
        var scheduler = new Scheduler(FirstByte);
        var samples = SessionSamples.For(scheduler, 3, _shard)!;

        samples.Received(100, fromClient: true);
        samples.End();

        Assert.Empty(scheduler.Told);
    }

    [Fact]
    public void Bytes_are_told_in_portions_and_the_rest_at_the_end()
    {
        var scheduler = new Scheduler(Bytes);
        var samples = SessionSamples.For(scheduler, 3, _shard)!;

        for (var i = 0; i < 100; i++)
        {
            samples.Received(1024, fromClient: i % 2 == 0);
        }

        samples.End();
        samples.End();
        Assert.Equal([(3, Bytes, 64 * 1024L), (3, Bytes, 36 * 1024L)], scheduler.Told);
    }

    [Fact]
    public void Of_datagrams_the_first_answer_to_each_question_is_told()
    {
        var scheduler = new Scheduler(FirstByte);
        var samples = SessionSamples.For(scheduler, 3, _shard, repeats: true)!;

        for (var i = 0; i < 5; i++)
        {
            samples.Received(100, fromClient: true);
            samples.Received(100, fromClient: true); // Counts from here: the last that it was sent before.
            samples.Received(100, fromClient: false);
            samples.Received(100, fromClient: false);
        }

        samples.End();
        Assert.Equal(Enumerable.Repeat((3, FirstByte), 5), scheduler.Told.Select(told => (told.Index, told.Sample)));
    }

    [Fact]
    public void Repeats_are_for_who_asks_for_first_bytes_alone()
    {
        var scheduler = new Scheduler(Bytes);
        var samples = SessionSamples.For(scheduler, 3, _shard, repeats: true)!;

        samples.Received(100, fromClient: true);
        samples.Received(50, fromClient: false);
        samples.End();
        Assert.Equal([(3, Bytes, 150L)], scheduler.Told);
    }

    private sealed class Scheduler(SchedulerSamples samples) : IScheduler
    {
        public List<(int Index, SchedulerSamples Sample, long Value)> Told { get; } = [];

        public string Name => "";

        public SchedulerSamples Samples => samples;

        public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => -1;

        public void Observe(int index, SchedulerSamples sample, long value, long nowMs) => Told.Add((index, sample, value));
    }
}
