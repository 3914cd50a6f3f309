using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Shards;

/// <summary>Random operations against a table of due times, which is too simple to be wrong.</summary>
public sealed class TimerWheelModelTests
{
    private const int Timers = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Agrees_with_a_table(int seed)
    {
        var random = new Random(seed);
        var nowMs = random.NextInt64(1L << random.Next(2, 45));
        var wheel = new TimerWheel(nowMs);
        var dueMs = new long?[Timers];
        var fired = new List<int>();
        var inTurn = false;
        TestTimer[] timers = [];
        timers = [.. Enumerable.Range(0, Timers).Select(i => new TestTimer(at =>
        {
            Assert.True(dueMs[i] <= at, "fired early");
            dueMs[i] = null;
            fired.Add(i);

            // Callbacks do what sessions do: arm themselves and end others.
            Act(random.Next(6) < 3 ? i : random.Next(Timers));
        }))];

        for (var step = 0; step < 5_000; step++)
        {
            for (var i = random.Next(4); i > 0; i--)
            {
                Act(random.Next(Timers));
            }

            Assert.Equal(dueMs.Count(due => due is not null), wheel.Count);
            AssertNextDueIsABound();

            nowMs += random.Next(5) switch { 0 => 0, 1 => 1, 2 => random.Next(100), 3 => random.Next(10_000), _ => Far() };
            var armedBefore = (long?[])dueMs.Clone();
            fired.Clear();
            inTurn = true;
            var count = wheel.Advance(nowMs);
            inTurn = false;

            Assert.Equal(fired.Count, count);
            Assert.Equal(fired.Count, fired.Distinct().Count());
            Assert.DoesNotContain(dueMs, due => due <= nowMs);
            Assert.All(fired, i => Assert.True(armedBefore[i] <= nowMs, "fired in the turn in which it was armed"));
            Assert.Equal(fired.Select(i => armedBefore[i]).Order(), fired.Select(i => armedBefore[i]));
        }

        void Act(int i)
        {
            if (random.Next(3) == 0)
            {
                Assert.Equal(dueMs[i] is not null, wheel.Cancel(timers[i]));
                dueMs[i] = null;
                return;
            }

            var due = nowMs + (random.Next(3) switch { 0 => random.Next(-5, 70), 1 => random.Next(5_000), _ => Far() });
            wheel.Schedule(timers[i], due);
            dueMs[i] = Math.Max(due, nowMs + 1);
        }

        void AssertNextDueIsABound()
        {
            var next = wheel.NextDueMs(nowMs);
            var earliest = dueMs.Min();
            Assert.False(inTurn);
            Assert.True(earliest is null ? next == -1 : next >= 0 && nowMs + next <= earliest);
        }

        long Far() => random.NextInt64(1L << random.Next(1, 40));
    }
}
