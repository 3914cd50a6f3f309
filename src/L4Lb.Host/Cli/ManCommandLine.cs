using System.CommandLine;
using L4Lb.Host.Manual;

namespace L4Lb.Host.Cli;

/// <summary><c>l4lb man</c>.</summary>
internal static class ManCommandLine
{
    /// <summary>The command.</summary>
    public static Command Build(CommandContext context, RootCommand root)
    {
        var command = new Command("man", "Print the manual page: l4lb man | man -l -");
        command.SetAction(_ =>
        {
            context.Out.Write(ManualPage.Write(root));
            return ExitCode.Done;
        });
        return command;
    }
}
