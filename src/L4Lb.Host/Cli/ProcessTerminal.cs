using L4Lb.Engine.Interop;

namespace L4Lb.Host.Cli;

/// <summary>The terminal of this process.</summary>
internal sealed class ProcessTerminal : ITerminal
{
    private const int Columns = 80;
    private const int Lines = 24;
    private const int Input = 0; // STDIN_FILENO
    private const int Output = 1; // STDOUT_FILENO

    private ProcessTerminal()
    {
    }

    /// <inheritdoc/>
    public (int Columns, int Lines) Size => (Console.WindowWidth, Console.WindowHeight) is ( > 0, > 0) size ? size : (Columns, Lines);

    /// <inheritdoc/>
    public bool HasColors { get; } = Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <inheritdoc/>
    public bool IsGone => OtherEnd.IsGone(Input) || OtherEnd.IsGone(Output);

    /// <summary>It, when input and output are both at one.</summary>
    public static ProcessTerminal? Find() => Console.IsInputRedirected || Console.IsOutputRedirected ? null : new ProcessTerminal();

    /// <inheritdoc/>
    public void Write(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }

    /// <inheritdoc/>
    public string? ReadLine() => Console.In.ReadLine();

    /// <inheritdoc/>
    public ConsoleKeyInfo? ReadKey() => Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;
}
