using System.Threading.Channels;
using L4Lb.Engine;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Running;

/// <summary>
/// Reloads one after the other when asked to. Requests that come while a reload runs become one, because that one
/// reads everything anyway.
/// </summary>
internal sealed class Reloader(
    ConfigurationPipeline pipeline, IDataPlane dataPlane, DiagnosticReporter diagnostics, ILogger logger)
{
    private readonly Channel<string> _requests = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private long _revision;
    private HashSet<ListenerStatus> _knownFailures = [];

    /// <summary>Asks for a reload, saying what led to it. Thread-safe, returns at once.</summary>
    public void Request(string trigger) => _requests.Writer.TryWrite(trigger);

    /// <summary>Carries requests out until <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _knownFailures = Failures();
        try
        {
            await foreach (var trigger in _requests.Reader.ReadAllAsync(cancellationToken))
            {
                await ReloadAsync(trigger, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process, and of this loop.
        }
    }

    private async Task ReloadAsync(string trigger, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await pipeline.LoadAsync(cancellationToken);
            _revision = outcome.Revision;
            diagnostics.Report(outcome.Diagnostics);
            if (!outcome.IsInForce)
            {
                HostLog.Refused(logger, trigger, outcome.Revision, outcome.Errors.Count());
                return;
            }

            HostLog.Applied(
                logger,
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
        }
    }

    private HashSet<ListenerStatus> Failures() =>
        [.. dataPlane.GetListeners().Where(l => l.State == ListenerState.Failed)];
}
