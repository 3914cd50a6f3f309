using System.Diagnostics;
using L4Lb.Engine.Health.Probes;

namespace L4Lb.Engine.Health;

/// <summary>
/// Runs probes on the thread pool, at most so many at a time; those that are due beyond that wait in line. Programs have a
/// line of their own, so that they hold up no sockets. Monitor's loop only, but for the probes themselves.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="post">Runs something on the monitor's loop.</param>
/// <param name="mostSockets">Most probes of sockets at a time.</param>
/// <param name="mostPrograms">Most programs at a time.</param>
internal sealed class CheckRunner(HealthClock clock, Action<Action> post, int mostSockets, int mostPrograms) : ICheckRunner
{
    private readonly Lane _sockets = new(mostSockets);
    private readonly Lane _programs = new(mostPrograms);
    private readonly HashSet<Check> _running = [];

    /// <inheritdoc/>
    public int Running => _running.Count;

    /// <inheritdoc/>
    public void Start(Check check)
    {
        var lane = LaneOf(check);
        lane.Waiting.Enqueue(check);
        Fill(lane);
    }

    /// <inheritdoc/>
    public void StopAll()
    {
        _sockets.Waiting.Clear();
        _programs.Waiting.Clear();
        foreach (var check in _running)
        {
            check.Stop();
        }
    }

    private void Fill(Lane lane)
    {
        while (lane.Running < lane.Most && lane.Waiting.TryDequeue(out var check))
        {
            if (check.IsStopped)
            {
                continue;
            }

            lane.Running++;
            _running.Add(check);
            check.StartedMs = clock.NowMs;
            check.Running = new CancellationTokenSource(check.Timeout, clock.Time);
            _ = RunAsync(check, check.Running.Token);
        }
    }

    private async Task RunAsync(Check check, CancellationToken deadline)
    {
        // What a probe does before it first waits is not the loop's work either.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = clock.Time.GetTimestamp();
        ProbeResult result;
        try
        {
            result = await check.Probe.RunAsync(check.Target, deadline);
        }
        catch (Exception e)
        {
            Debug.Fail(e.ToString());
            result = new ProbeResult(ProbeOutcome.Unknown, CheckCode.SOCKERR, e.Message);
        }

        post(() => Finish(check, result with { Duration = clock.Time.GetElapsedTime(started) }));
    }

    private void Finish(Check check, ProbeResult result)
    {
        var lane = LaneOf(check);
        check.Running!.Dispose();
        check.Running = null;
        _running.Remove(check);
        lane.Running--;
        if (!check.IsStopped)
        {
            check.Finished(result);
        }

        Fill(lane);
    }

    private Lane LaneOf(Check check) => check.IsProgram ? _programs : _sockets;

    private sealed class Lane(int most)
    {
        internal int Most { get; } = most;

        internal int Running { get; set; }

        internal Queue<Check> Waiting { get; } = new();
    }
}
