using System.CommandLine;

namespace L4Lb.Host.Cli;

/// <summary>The words that lead to a command.</summary>
internal static class CommandPath
{
    /// <summary>Without the program: <c>lab simulate</c>; empty for the program itself.</summary>
    public static string Of(Command command) => command is RootCommand ? ""
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Of(parent)} {command.Name}".TrimStart()
        : command.Name;

    /// <summary>With the program: <c>l4lb lab simulate</c>.</summary>
    public static string Whole(Command command) => $"l4lb {Of(command)}".TrimEnd();
}
