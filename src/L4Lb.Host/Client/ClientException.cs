using L4Lb.Host.Cli;

namespace L4Lb.Host.Client;

/// <summary>An instance could not be asked, or refused.</summary>
/// <param name="exitCode">What the process is to end with.</param>
/// <param name="lines">Why, and what would help.</param>
internal sealed class ClientException(int exitCode, params IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    /// <summary>What the process is to end with.</summary>
    public int ExitCode => exitCode;

    /// <summary>What it is about is not there.</summary>
    public bool IsNotThere { get; init; }

    /// <summary>Nobody answers there.</summary>
    public static ClientException Unreachable(string line) => new(Cli.ExitCode.CannotStart, line);

    /// <summary>It answers, and does not do it.</summary>
    public static ClientException Refused(params IReadOnlyList<string> lines) => new(Cli.ExitCode.Failed, lines);

    /// <summary>Carries out a command of a client; what goes wrong is written as every command does.</summary>
    public static async Task<int> RunAsync(ClientSettings settings, CommandContext context, Func<AdminClient, Task<int>> command)
    {
        try
        {
            using var client = AdminClient.Create(settings);
            return await command(client);
        }
        catch (ClientException e)
        {
            e.Write(context);
            return e.ExitCode;
        }
    }

    /// <summary>Writes every line.</summary>
    public void Write(CommandContext context)
    {
        foreach (var line in lines)
        {
            context.Error.WriteLine($"l4lb: {line}");
        }
    }
}
