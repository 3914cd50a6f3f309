using System.Diagnostics;
using System.Runtime.InteropServices;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A process that a test started, with what it printed. Disposing kills it and only it.</summary>
internal class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly Lock _lock = new();

    protected ChildProcess(IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var words = command.ToArray();
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed so far, both streams, in the order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Runs a command to its end and returns its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> ToEndAsync(IReadOnlyList<string> command)
    {
        await using var process = new ChildProcess(command);
        return (await process.ExitAsync(), process.Output);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<string> MustAsync(params string[] command)
    {
        var (exitCode, output) = await ToEndAsync(command);
        Assert.True(exitCode == 0, $"{string.Join(' ', command)}: exit {exitCode}: {output}");
        return output;
    }

    public void Signal(int signal) => Assert.Equal(0, kill(Id, signal));

    public Task PrintsAsync(string text, TimeSpan? deadline = null) => Eventually.HoldsAsync(
        () => Output.Contains(text, StringComparison.Ordinal) || (HasExited && Output.Contains(text, StringComparison.Ordinal)),
        () => $"process {Id} (exited: {HasExited}) did not print \"{text}\" but:\n{Output}",
        deadline);

    public async Task<int> ExitAsync(TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"process {Id} does not end; it printed:\n{Output}", e);
        }

        return _process.ExitCode;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int kill(int pid, int signal);

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lock)
            {
                _output.Add(line);
            }
        }
    }
}

/// <summary>Signal numbers of Linux.</summary>
internal static class Signals
{
    public const int Hup = 1;
    public const int Int = 2;
    public const int Kill = 9;
    public const int Usr1 = 10;
    public const int Term = 15;
}
