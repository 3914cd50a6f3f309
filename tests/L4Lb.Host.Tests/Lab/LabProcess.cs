using System.Diagnostics;

namespace L4Lb.Host.Tests.Lab;

/// <summary>The program itself, in a folder of its own.</summary>
internal static class LabProcess
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(string folder, Action<Process>? meanwhile, params IEnumerable<string> arguments)
    {
        // Who runs in the background of a shell ignores SIGINT, and so would all that it starts.
        string[] command = ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "l4lb.dll"), .. arguments];
        var start = new ProcessStartInfo("env", command)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["DISPLAY"] = "", ["WAYLAND_DISPLAY"] = "" },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        meanwhile?.Invoke(process);
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
