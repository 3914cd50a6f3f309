using System.Diagnostics;
using System.Threading.Channels;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>
/// Finds out who can serve: one loop on the thread pool that owns everything of it and locks nothing. Probes, sessions
/// and the control plane speak to it by messages; it speaks to them by <see cref="Backend.Health"/> and the republisher.
/// All members may be called from any thread.
/// </summary>
internal sealed class HealthMonitor : IAsyncDisposable
{
    private readonly Channel<Action> _inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HealthClock _clock;
    private readonly HealthContext _context;
    private Task _loop = Task.CompletedTask;

    // Loop only.
    private readonly HealthRoster _roster;
    private bool _isStopping;

    /// <param name="options">Bounds, log and time.</param>
    /// <param name="republish">Compiles services anew, because verdicts of their backends changed.</param>
    /// <param name="reset">Ends the sessions of a backend, spread over a moment.</param>
    internal HealthMonitor(
        LoadBalancerOptions options, Func<IEnumerable<ServiceKey>, ValueTask> republish, Action<Backend> reset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentProbes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentPrograms, 1);
        _clock = new HealthClock(options.Time);
        var due = new DueQueue();
        _context = new HealthContext(
            _clock,
            due,
            new CheckRunner(_clock, Post, options.MaxConcurrentProbes, options.MaxConcurrentPrograms),
            new Republisher(_clock, due, Post, republish, reset),
            Post,
            ProbeFactory.Create,
            Random.Shared.NextDouble,
            options.HealthLog);
        _roster = new HealthRoster(_context);
    }

    /// <summary>Begins to look.</summary>
    internal void Start() => _loop = RunAsync();

    /// <summary>Takes a change of the desired state into account, which is in force already.</summary>
    /// <param name="removed">Services that are gone.</param>
    /// <param name="changed">Services that are new or not as they were, with the identities of their backends.</param>
    internal void Follow(IReadOnlyCollection<ServiceKey> removed, IReadOnlyCollection<ObservedService> changed)
    {
        if (removed.Count + changed.Count > 0)
        {
            Post(() => _roster.Follow(removed, changed));
        }
    }

    /// <summary>Ends every probe and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(() =>
        {
            _isStopping = true;
            _context.Runner.StopAll();
        });
        await _loop;
    }

    private void Post(Action work) => _inbox.Writer.TryWrite(work);

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await using var alarm = _clock.Time.CreateTimer(
            static state => ((HealthMonitor)state!).Post(static () => { }), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!_isStopping || _context.Runner.Running > 0 || _context.Republisher.IsRunning)
        {
            await _inbox.Reader.WaitToReadAsync();
            while (_inbox.Reader.TryRead(out var work))
            {
                Do(work);
            }

            if (!_isStopping)
            {
                Do(() => _context.Due.RunDue(_clock.NowMs));
                if (_context.Due.NextMs is { } nextMs)
                {
                    // It may go off too early: what is not due then waits for the next.
                    alarm.Change(TimeSpan.FromMilliseconds(Math.Clamp(nextMs - _clock.NowMs, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private static void Do(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            // One backend's trouble must not leave all others unobserved.
            Debug.Fail(e.ToString());
        }
    }
}
