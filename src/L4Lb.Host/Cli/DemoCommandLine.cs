using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Demo;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb demo</c>.</summary>
internal static class DemoCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<DemoSettings> demo)
    {
        var command = new Command("demo", "Show it: echo backends in this process, a few Services in front of them, a little traffic");
        var once = OptionBuilder.Flag("--once", "End after the traffic, with exit code 1 when some of it failed");
        var exitAfter = OptionBuilder.Single<TimeSpan?>(
            "--exit-after", "DURATION", "End that long after the traffic instead of at Ctrl-C", static text => DurationText.Read(text), null);
        command.Add(once);
        command.Add(exitAfter);
        command.SetAction((parsed, cancellationToken) =>
        {
            var stay = once.In(parsed) ? TimeSpan.Zero : exitAfter.In(parsed) ?? Timeout.InfiniteTimeSpan;
            return demo(new DemoSettings(stay), context, cancellationToken);
        });
        return command;
    }
}
