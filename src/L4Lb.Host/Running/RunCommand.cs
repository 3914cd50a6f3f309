using L4Lb.Host.Cli;
using L4Lb.Host.Journal;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Running;

/// <summary><c>l4lb run</c>: serves until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>Runs an instance and returns the exit code.</summary>
    public static async Task<int> RunAsync(RunSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        using var journal = new EventJournal(TimeProvider.System);
        using var logs = LogFactory.Create(settings.Log, journal);
        try
        {
            using var manager = ServiceManager.Open(context.Variable);
            return await new Instance(settings, logs, journal, context.Error) { Manager = manager }.RunAsync(cancellationToken);
        }
        catch (StartFailedException e)
        {
            context.Error.WriteLine($"l4lb: {e.Message}");
            return ExitCode.CannotStart;
        }
    }
}
