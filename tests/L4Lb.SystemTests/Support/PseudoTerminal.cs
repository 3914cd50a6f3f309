using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A program at a terminal, and somebody at its keys: script(1) has the terminal, a shell in it says how it was before and after.
/// Disposing kills script, by its id, and with it hangs up; the shell and the program have to end by themselves then.
/// </summary>
internal sealed partial class PseudoTerminal : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _script;
    private readonly StringBuilder _text = new();
    private readonly Task _reading;
    private int[] _orphans = [];

    private PseudoTerminal(TemporaryFolder folder, Process script)
    {
        (_folder, _script) = (folder, script);
        script.Start();
        _reading = ReadAsync();
    }

    /// <summary>All that was written to it.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>The lines of the last picture: from the home position to the end of the screen.</summary>
    public IReadOnlyList<string> Screen =>
        Picture().Matches(Text) is [.., var last] ? last.Groups["lines"].Value.Split('\n').Select(static l => Control().Replace(l, "").TrimEnd('\r')).ToArray() : [];

    /// <summary>Id of the program.</summary>
    public int Id => ProcessTable.DescendantsOf(_script.Id).Last();

    /// <summary>Starts <paramref name="command"/> at a terminal of 80 columns and 24 lines.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="ignoresHangUp">Whether it is to go on without its terminal, as under nohup.</param>
    /// <param name="suspends">Whether it is a job that can be suspended; the next line that is typed then takes it up again.</param>
    /// <param name="variables">Environment variables.</param>
    public static PseudoTerminal Start(
        IEnumerable<string> command, bool ignoresHangUp = false, bool suspends = false, params IEnumerable<(string Name, string Value)> variables)
    {
        Requirements.Program("script");
        var folder = new TemporaryFolder();
        var file = folder.Write("run", $"""
            cd {folder.Path}
            trap : INT QUIT
            {(ignoresHangUp ? "trap '' HUP" : "")}
            stty rows 24 cols 80
            tty > terminal
            stty -g > before
            {(suspends ? "set -m" : "")}
            env --default-signal=INT,QUIT {string.Join(' ', command.Select(static w => $"'{w}'"))}
            code=$?
            [ $code = 148 ] && stty -g > suspended && echo SUSPENDED && read -r && fg %1 && code=$?
            stty -g > after
            exit $code
            """);
        var start = new ProcessStartInfo(Requirements.FindProgram("script")!, ["-qefc", $"exec bash {file}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(static k => k.StartsWith("L4LB_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new PseudoTerminal(folder, new Process { StartInfo = start });
    }

    /// <summary>Presses keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the last picture is as it should be.</summary>
    public Task ShowsAsync(string what, Func<IReadOnlyList<string>, bool> condition) => Eventually.HoldsAsync(
        () => condition(Screen), () => $"not on the screen: {what}\n{string.Join('\n', Screen)}\n---\n{Text}");

    /// <summary>Makes the window another size.</summary>
    public Task ResizeAsync(int columns, int lines) => ChildProcess.RunAndCheckAsync(
        "stty", "-F", File.ReadAllText(_folder.File("terminal")).Trim(), "cols", $"{columns}", "rows", $"{lines}");

    /// <summary>Waits for the end of the program; returns its exit code. The terminal has to be as it was before.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await _script.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"it did not end:\n{Text}");
        }

        await _reading;
        Assert.Equal(File.ReadAllText(_folder.File("before")), File.ReadAllText(_folder.File("after")));
        return _script.ExitCode;
    }

    /// <summary>While the program is suspended, the terminal is as it was before.</summary>
    public void AssertSuspendedAsBefore() =>
        Assert.Equal(File.ReadAllText(_folder.File("before")), File.ReadAllText(_folder.File("suspended")));

    /// <summary>Takes the terminal away, as who closes its window does.</summary>
    public async Task HangUpAsync()
    {
        _orphans = [.. ProcessTable.DescendantsOf(_script.Id)];
        _script.Kill(); // SIGKILL: what it holds is closed, the terminal's other end among it.
        await _script.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_script.HasExited)
        {
            await HangUpAsync();
        }

        // Nobody's children now, they may still have something to write into the folder.
        await Eventually.HoldsAsync("what ran at the terminal has ended without it", () => _orphans.All(ProcessTable.HasEnded));
        _script.Dispose();
        _folder.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        for (int count; (count = await _script.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            lock (_text)
            {
                _text.Append(buffer, 0, count);
            }
        }
    }

    [GeneratedRegex("\e\\[H(?<lines>[^\0]*?)\e\\[J", RegexOptions.ExplicitCapture)]
    private static partial Regex Picture();

    /// <summary>Control sequences of ECMA-48.</summary>
    [GeneratedRegex("\e\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Control();
}
