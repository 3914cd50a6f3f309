using System.Runtime.InteropServices;

namespace L4Lb.Host.Running;

/// <summary>
/// The signals of the process: SIGTERM and SIGINT ask it to stop in order, SIGHUP to reload, SIGUSR1 to open log
/// files again. A SIGINT while it stops ends it at once.
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    /// <summary>Linux' number on every architecture that .NET runs on; the framework has no name for it.</summary>
    private const PosixSignal Sigusr1 = (PosixSignal)10;

    private readonly TaskCompletionSource<string> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes the signals over until disposed.</summary>
    public ProcessSignals(Action reload, Action reopen) => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, reload)),
        PosixSignalRegistration.Create(Sigusr1, context => Handle(context, reopen)),
    ];

    /// <summary>Ends with the name of the signal that asked to stop, or in cancellation.</summary>
    public async Task<string> WaitForStopAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => _stop.TrySetResult("request"));
        return await _stop.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.TrySetResult(nameof(PosixSignal.SIGTERM));
    }

    /// <summary>Not cancelled while it stops, so the system's own way of ending a process takes over.</summary>
    private void OnInterrupt(PosixSignalContext context) => context.Cancel = _stop.TrySetResult(nameof(PosixSignal.SIGINT));

    private static void Handle(PosixSignalContext context, Action action)
    {
        context.Cancel = true;
        action();
    }
}
