using System.Collections.Concurrent;
using System.Diagnostics;

namespace L4Lb.SystemTests.Support;

/// <summary>A process that a test started, with everything that it printed. Disposing kills it, by its id alone.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Everything printed so far, for messages.</summary>
    public string Printed => string.Join('\n', _output.Concat(_errors));

    /// <summary>Starts <paramref name="command"/>: a program and its arguments.</summary>
    public static ChildProcess Start(params IEnumerable<string> command)
    {
        string[] words = [.. command];
        var start = new ProcessStartInfo(Requirements.FindProgram(words[0]) ?? words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // The program reads variables of this prefix: a developer's own must not decide a test.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("L4LB_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        return new ChildProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(params IEnumerable<string> command)
    {
        await using var process = Start(command);
        var code = await process.WaitForExitAsync();
        return new CommandResult(code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    /// <summary>Runs a command that has to succeed; returns its output.</summary>
    public static async Task<string> RunAndCheckAsync(params IEnumerable<string> command)
    {
        string[] words = [.. command];
        var result = await RunAsync(words);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', words)}: exit code {result.ExitCode}\n{result.Errors}");
        return result.Output;
    }

    /// <summary>Waits for the end of the process and of its output; returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromMinutes(1));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} did not end:\n{Printed}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends a signal by name, such as <c>HUP</c>.</summary>
    public async Task SignalAsync(string name)
    {
        Assert.False(HasExited, $"it ended by itself:\n{Printed}");
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}

/// <summary>What a command came to.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);
