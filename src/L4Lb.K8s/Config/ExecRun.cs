using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace L4Lb.K8s.Config;

/// <summary>Runs a plugin once.</summary>
internal static class ExecRun
{
    /// <summary>How long a plugin may take: most ask a server of their own, some a slow one.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // Tokens and certificates have some thousand bytes.
    private const int MaxAnswerBytes = 1024 * 1024;

    // Of what it complains about.
    private const int MaxComplaintCharacters = 500;

    /// <summary>What the plugin answers.</summary>
    /// <exception cref="KubernetesConnectionException">It cannot be run, fails, takes too long or answers something else.</exception>
    public static async Task<ExecAnswer> RunAsync(ExecPlugin plugin, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var process = Start(plugin);
        var complaint = new StringBuilder();
        try
        {
            process.StandardInput.Close();
            var complaining = ReadComplaintAsync(process.StandardError, complaint, limit.Token);
            var answer = await ReadAnswerAsync(process.StandardOutput.BaseStream, plugin, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                await complaining;
                throw Failed(plugin, $"{plugin.Command} failed with exit code {process.ExitCode}{Quote(complaint)}");
            }

            return ExecAnswer.Read(answer.Span, plugin);
        }
        catch (OperationCanceledException e)
        {
            throw Failed(plugin, $"{plugin.Command} took longer than {Limit.TotalSeconds} s{Quote(complaint)}", e);
        }
        finally
        {
            End(process);
        }
    }

    // With what it started, unless it has ended by itself: then that is none of ours.
    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is AggregateException or Win32Exception or InvalidOperationException)
        {
            // It ended this moment, or runs as somebody else.
        }
    }

    private static Process Start(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo(Locate(plugin), plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in plugin.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = plugin.Info();
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw Failed(plugin, $"{plugin.Command} cannot be run: {e.Message}", e);
        }
    }

    // A name alone is looked for in PATH and nowhere else; Process would begin with the working directory.
    private static string Locate(ExecPlugin plugin)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var candidates = plugin.Command.Contains('/', StringComparison.Ordinal)
            ? [plugin.Command]
            : path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, plugin.Command));
        if (candidates.FirstOrDefault(IsProgram) is { } found)
        {
            return found;
        }

        var hint = plugin.InstallHint is { } text ? $"; {text.Trim()}" : "";
        throw Failed(plugin, $"there is no program {plugin.Command}{hint}");
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static async Task<ReadOnlyMemory<byte>> ReadAnswerAsync(Stream output, ExecPlugin plugin, CancellationToken cancellation)
    {
        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await output.ReadAsync(buffer, cancellation)) > 0;)
        {
            answer.Write(buffer, 0, count);
            if (answer.Length > MaxAnswerBytes)
            {
                throw Failed(plugin, $"{plugin.Command} answered more than {MaxAnswerBytes:N0} bytes");
            }
        }

        return answer.GetBuffer().AsMemory(0, (int)answer.Length);
    }

    // Reads on when it has enough, lest the plugin waits for somebody to read.
    private static async Task ReadComplaintAsync(StreamReader errors, StringBuilder complaint, CancellationToken cancellation)
    {
        var buffer = new char[4096];
        try
        {
            for (int count; (count = await errors.ReadAsync(buffer, cancellation)) > 0;)
            {
                complaint.Append(buffer.AsSpan(0, Math.Min(count, MaxComplaintCharacters - complaint.Length)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process is over, and with it what it may have had to say.
        }
    }

    private static string Quote(StringBuilder complaint)
    {
        var words = complaint.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "" : $": {string.Join(' ', words)}";
    }

    private static KubernetesConnectionException Failed(ExecPlugin plugin, string what, Exception? inner = null) =>
        new($"{plugin.Where}: {what}", inner);
}
