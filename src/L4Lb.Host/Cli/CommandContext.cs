namespace L4Lb.Host.Cli;

/// <summary>What a command may touch of the process that it runs in.</summary>
/// <param name="Out">For what was asked.</param>
/// <param name="Error">For what went wrong.</param>
/// <param name="Variable">The value of an environment variable, or null.</param>
internal sealed record CommandContext(TextWriter Out, TextWriter Error, Func<string, string?> Variable)
{
    /// <summary>That of this process.</summary>
    public static CommandContext Process { get; } = new(StandardOutput.Open(), Console.Error, Environment.GetEnvironmentVariable)
    {
        Terminal = ProcessTerminal.Find(),
    };

    /// <summary>The terminal that somebody sits at; null when nobody does.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
