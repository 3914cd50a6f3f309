using System.Collections.Concurrent;
using System.Threading.Channels;
using L4Lb.Engine;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Running;

/// <summary>
/// Reloads one after the other when asked to. Requests that come while a reload runs become one, because that one
/// reads everything anyway.
/// </summary>
/// <param name="pipeline">What reloads.</param>
/// <param name="dataPlane">What the listeners are asked of.</param>
/// <param name="diagnostics">Says what a load had to say.</param>
/// <param name="logger">The log.</param>
/// <param name="pause">Time between two reloads, in which requests gather; the first is carried out at once. Null for none.</param>
/// <param name="time">The clock of the pause.</param>
internal sealed class Reloader(
    ConfigurationPipeline pipeline, IDataPlane dataPlane, DiagnosticReporter diagnostics, ILogger logger,
    TimeSpan? pause = null, TimeProvider? time = null)
{
    private readonly Channel<(string Trigger, LogLevel Level)> _requests = Channel.CreateBounded<(string, LogLevel)>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ConcurrentQueue<TaskCompletionSource<LoadOutcome>> _waiting = new();

    private long _revision;
    private HashSet<ListenerStatus> _knownFailures = [];

    /// <summary>What was loaded last is in force. On the reloading task.</summary>
    public event Action? Settled;

    /// <summary>Asks for a reload, saying what led to it. Thread-safe, returns at once.</summary>
    /// <param name="trigger">What led to it.</param>
    /// <param name="level">How much it matters to people that it was carried out.</param>
    public void Request(string trigger, LogLevel level = LogLevel.Information) => _requests.Writer.TryWrite((trigger, level));

    /// <summary>Reloads, and tells how it went; cancelling gives up waiting alone. Thread-safe.</summary>
    /// <param name="trigger">What led to it.</param>
    /// <param name="cancellationToken">The asker has left.</param>
    /// <exception cref="InvalidOperationException">The load failed in an unforeseen way.</exception>
    public Task<LoadOutcome> ReloadAsync(string trigger, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<LoadOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(outcome);
        Request(trigger); // After that: a load that has begun before this does not count.
        return outcome.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Carries requests out until <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _knownFailures = Failures();
        try
        {
            await foreach (var (trigger, level) in _requests.Reader.ReadAllAsync(cancellationToken))
            {
                await ReloadAsync(trigger, level, cancellationToken);
                if (pause is { } rest)
                {
                    await Task.Delay(rest, time ?? TimeProvider.System, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process, and of this loop.
        }
    }

    private async Task ReloadAsync(string trigger, LogLevel level, CancellationToken cancellationToken)
    {
        var waiting = new List<TaskCompletionSource<LoadOutcome>>();
        while (_waiting.TryDequeue(out var waiter))
        {
            waiting.Add(waiter);
        }

        try
        {
            var outcome = await pipeline.LoadAsync(cancellationToken);
            waiting.ForEach(waiter => waiter.SetResult(outcome));
            _revision = outcome.Revision;
            diagnostics.Report(outcome);
            if (!outcome.IsInForce)
            {
                HostLog.Refused(logger, trigger, outcome.Revision, outcome.Errors.Count());
                return;
            }

            Settled?.Invoke();
            HostLog.Applied(
                logger,
                level,
                outcome.Revision,
                trigger,
                outcome.Changed,
                outcome.ReadTime.TotalMilliseconds,
                outcome.ApplyTime.TotalMilliseconds);
            var failures = Failures();
            HostLog.FailedListeners(logger, failures.Except(_knownFailures));
            _knownFailures = failures;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A load that fails in an unforeseen way must not end an instance that serves.
            HostLog.ReloadFailed(logger, e, trigger, _revision);
            waiting.ForEach(waiter => waiter.TrySetException(new InvalidOperationException($"the load failed: {e.Message}", e)));
        }
    }

    private HashSet<ListenerStatus> Failures() =>
        [.. dataPlane.GetListeners().Where(l => l.State == ListenerState.Failed)];
}
