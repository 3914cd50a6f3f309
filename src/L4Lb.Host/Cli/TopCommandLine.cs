using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Client.Top;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb top</c>.</summary>
internal static class TopCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, CommandHandler<TopSettings> top)
    {
        var orders = Enum.GetValues<TopOrder>().Select(static o => (Enum.GetName(o)!.ToLowerInvariant(), o)).ToArray();
        var command = new Command("top", "Watch rates, connect times and backends that are not well; without a terminal once");
        var sort = OptionBuilder.Here(
            "--sort", string.Join('|', orders.Select(static o => o.Item1)), "What is on top (default sessions)", WordText.Reader(orders), TopOrder.Sessions);
        var interval = OptionBuilder.Here("--interval", "DURATION", "Time between two looks (default 1s)", ReadInterval, TimeSpan.FromSeconds(1));
        var once = OptionBuilder.FlagHere("--once", "Write one table and end");
        command.Add(sort);
        command.Add(interval);
        command.Add(once);
        var client = new ClientOptions(command);
        command.SetAction((parsed, cancellationToken) => top(
            new TopSettings(client.Read(parsed)) { Order = sort.In(parsed), Interval = interval.In(parsed), Once = once.In(parsed) },
            context,
            cancellationToken));
        return command;
    }

    private static TimeSpan ReadInterval(string text) => DurationText.Read(text) is var interval
        && interval >= TimeSpan.FromMilliseconds(100) && interval <= TimeSpan.FromHours(1)
            ? interval
            : throw new FormatException("must be 100ms…1h");
}
