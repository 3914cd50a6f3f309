using System.Collections.Concurrent;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Health.Probes;
using L4Lb.Testing;

namespace L4Lb.Engine.Tests.Health;

public sealed class CheckRunnerTests
{
    private static readonly ProbeTarget s_target = new(
        new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 1), new ServiceKey("a", "b", "c"), default);

    private readonly BlockingCollection<Action> _posted = [];
    private readonly HeldProbe _probe = new();
    private readonly CheckRunner _runner;
    private int _finished;

    public CheckRunnerTests() => _runner = new CheckRunner(new HealthClock(TimeProvider.System), _posted.Add, mostSockets: 3, mostPrograms: 2);

    [Fact]
    public async Task No_more_run_at_a_time_than_may_and_all_get_their_turn()
    {
        for (var i = 0; i < 20; i++)
        {
            _runner.Start(Make(isProgram: false));
        }

        for (var left = 20; left > 0; left--)
        {
            Assert.Equal(Math.Min(left, 3), _runner.Running);
            await Eventually.EqualsAsync(_runner.Running, () => _probe.Running); // The pool may take its time.
            await _probe.ReleaseOneAsync();
            RunPosted();
        }

        Assert.Equal((20, 0, 3), (_finished, _runner.Running, _probe.Peak));
    }

    [Fact]
    public async Task Programs_hold_up_no_sockets()
    {
        for (var i = 0; i < 5; i++)
        {
            _runner.Start(Make(isProgram: true));
        }

        Assert.Equal(2, _runner.Running);
        _runner.Start(Make(isProgram: false));
        Assert.Equal(3, _runner.Running);
        for (var i = 0; i < 6; i++)
        {
            await _probe.ReleaseOneAsync();
            RunPosted();
        }

        Assert.Equal(6, _finished);
    }

    [Fact]
    public void What_was_stopped_is_not_run_and_not_heard()
    {
        var checks = Enumerable.Range(0, 6).Select(_ => Make(isProgram: false)).ToArray();
        Array.ForEach(checks, _runner.Start);

        Array.ForEach(checks, check => check.Stop());
        for (var i = 0; i < 3; i++)
        {
            RunPosted();
        }

        Assert.Equal((0, 0), (_finished, _runner.Running));
        Assert.InRange(_probe.Started, 0, 3);
    }

    private void RunPosted()
    {
        Assert.True(_posted.TryTake(out var work, TimeSpan.FromSeconds(20)));
        work();
    }

    private Check Make(bool isProgram) => new(_runner, _probe, s_target)
    {
        Interval = TimeSpan.FromSeconds(1),
        Timeout = TimeSpan.FromMinutes(10),
        IsProgram = isProgram,
        Finished = _ => _finished++,
    };

    /// <summary>Finds something only when the test lets it.</summary>
    private sealed class HeldProbe : IProbe
    {
        private readonly SemaphoreSlim _held = new(0);
        private readonly SemaphoreSlim _started = new(0);
        private int _running;
        private int _startedCount;

        internal int Peak { get; private set; }

        internal int Running => Volatile.Read(ref _running);

        internal int Started => _startedCount;

        public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
        {
            Interlocked.Increment(ref _startedCount);
            var running = Interlocked.Increment(ref _running);
            lock (_held)
            {
                Peak = Math.Max(Peak, running);
            }

            _started.Release();
            try
            {
                await _held.WaitAsync(deadline);
            }
            catch (OperationCanceledException)
            {
                return ProbeResult.Failed(CheckCode.L4TOUT);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }

            return ProbeResult.Passed(CheckCode.L4OK);
        }

        internal async Task ReleaseOneAsync()
        {
            await _started.WaitAsync(TestContext.Current.CancellationToken);
            _held.Release();
        }
    }
}
