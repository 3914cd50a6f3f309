using System.ComponentModel;
using System.Diagnostics;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Lab;

/// <summary>Shows files to whoever sits at the machine.</summary>
internal static class Desktop
{
    private const string Opener = "xdg-open";

    /// <summary>Opens <paramref name="file"/> as the desktop would on a double click; false where there is none.</summary>
    public static bool TryOpen(string file, CommandContext context)
    {
        if (context.Variable("DISPLAY") is null or "" && context.Variable("WAYLAND_DISPLAY") is null or "")
        {
            return false;
        }

        var opener = (context.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(static folder => Path.Combine(folder, Opener)).FirstOrDefault(File.Exists);
        if (opener is null)
        {
            return false;
        }

        try
        {
            // What a browser says on the way is nothing for who asked for a ranking.
            var start = new ProcessStartInfo(opener, [Path.GetFullPath(file)])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            using var process = Process.Start(start);
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
