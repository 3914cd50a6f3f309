using L4Lb.Host.Cli;

namespace L4Lb.Host.Tests.Client;

/// <summary>Runs command lines, as a process would, with or without somebody at a terminal.</summary>
internal static class CommandRig
{
    public static Task<(int Code, string Out, string Error)> RunAsync(Uri admin, params IEnumerable<string> arguments) =>
        RunAsync(null, [.. arguments, "--admin", admin.GetLeftPart(UriPartial.Authority)]);

    public static async Task<(int Code, string Out, string Error)> RunAsync(
        ITerminal? terminal, IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var context = new CommandContext(output, error, static _ => null) { Terminal = terminal };
        var code = await CommandLine.RunAsync(arguments, context, CommandHandlers.Default, cancellation);
        return (code, output.ToString(), error.ToString());
    }
}
