using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;

namespace L4Lb.Engine.Tests.Limits;

/// <summary>Random operations against lists of what happened when, which are too simple to be wrong.</summary>
public sealed class SourceTableModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Agrees_with_a_list_of_what_happened(int seed)
    {
        var random = new Random(seed);
        var spec = new SourceLimitSpec
        {
            MaxNewSessions = random.Next(0, 8),
            Period = TimeSpan.FromMilliseconds(random.Next(1, 200)),
            MaxSessions = random.Next(0, 5),
            DenyFor = TimeSpan.FromMilliseconds(random.Next(2) * random.Next(100)),
            MaxEntries = random.Next(1, 12),
        };
        var table = new SourceTable(spec);
        var periodMs = (long)spec.Period.TotalMilliseconds;
        var model = new List<Source>();
        var open = new List<UInt128>();
        var (nowMs, refused, denials) = (0L, 0L, 0);

        for (var step = 0; step < 20_000; step++)
        {
            nowMs += random.Next(10) == 0 ? random.Next(100) : random.Next(3);
            if (random.Next(5) < 3)
            {
                var client = AddressKey.FromIPv4((uint)random.Next(20), 1);
                var known = model.Find(source => source.Address == client.Address);
                if (known is null)
                {
                    EvictTo(spec.MaxEntries - 1, stale: 2);
                    model.Add(known = new Source(client.Address, nowMs));
                }

                // Seen now: last in the order of eviction.
                model.Remove(known);
                model.Add(known);
                var enters = known.MayEnter(spec, periodMs, nowMs);
                Assert.Equal(enters, table.TryEnter(client, nowMs, out var source));
                if (enters)
                {
                    known.Entered.Add(nowMs);
                    known.Open++;
                    open.Add(source);
                }
                else
                {
                    refused++;
                    denials += nowMs < known.DeniedUntilMs ? 1 : 0;
                }
            }
            else if (open.Count > 0)
            {
                var source = open[random.Next(open.Count)];
                open.Remove(source);
                table.Leave(source);
                var known = model.Single(known => known.Address == source);
                if (--known.Open == 0)
                {
                    model.Remove(known);
                    model.Add(known);
                    EvictTo(spec.MaxEntries, stale: 0);
                }
            }

            if (step % 50 == 0)
            {
                EvictTo(int.MaxValue, stale: int.MaxValue);
                Assert.Equal((model.Count, model.Count(source => nowMs < source.DeniedUntilMs), open.Count), table.Measure(nowMs));
                Assert.Equal(refused, table.Refused);
            }
        }

        Assert.True(spec is { MaxNewSessions: 0, MaxSessions: 0 } == (refused == 0), $"{refused} were refused");
        Assert.True(spec.DenyFor == TimeSpan.Zero == (denials == 0), $"{denials} denials");

        void EvictTo(int most, int stale)
        {
            for (; stale > 0 && model.Find(source => source.Open == 0) is { } oldest && oldest.IsStale(periodMs, nowMs); stale--)
            {
                model.Remove(oldest);
            }

            while (model.Count > most && model.Find(source => source.Open == 0) is { } oldest)
            {
                model.Remove(oldest);
            }
        }
    }

    /// <summary>Every entry there ever was, and windows found by walking from the first.</summary>
    private sealed class Source(UInt128 address, long firstMs)
    {
        private long _startMs = firstMs;

        internal UInt128 Address => address;

        internal List<long> Entered { get; } = [];

        internal int Open { get; set; }

        internal long DeniedUntilMs { get; private set; }

        internal bool IsStale(long periodMs, long nowMs) =>
            Open == 0 && nowMs >= DeniedUntilMs && nowMs >= _startMs + (2 * periodMs);

        internal bool MayEnter(SourceLimitSpec spec, long periodMs, long nowMs)
        {
            if (nowMs < DeniedUntilMs)
            {
                return false;
            }

            _startMs = nowMs >= _startMs + (2 * periodMs) ? nowMs : nowMs >= _startMs + periodMs ? _startMs + periodMs : _startMs;
            var now = Entered.Count(time => time >= _startMs);
            var before = Entered.Count(time => time >= _startMs - periodMs && time < _startMs);
            var still = before * (_startMs + periodMs - nowMs) / periodMs;
            var isTooFast = spec.MaxNewSessions > 0 && still + now + 1 > spec.MaxNewSessions;
            if (isTooFast || (spec.MaxSessions > 0 && Open >= spec.MaxSessions))
            {
                DeniedUntilMs = nowMs + (long)spec.DenyFor.TotalMilliseconds;
                return false;
            }

            return true;
        }
    }
}
