using L4Lb.Host.Cli;

namespace L4Lb.Host.Lab;

/// <summary>Opens a report that was asked to be opened, or says how to.</summary>
internal static class ReportOpener
{
    /// <summary>Opens it, when <paramref name="isAsked"/>.</summary>
    public static void Open(string file, bool isAsked, CommandContext context)
    {
        if (isAsked && !Desktop.TryOpen(file, context))
        {
            context.Out.WriteLine($"There is no desktop here; in a browser: {new Uri(Path.GetFullPath(file)).AbsoluteUri}");
        }
    }
}
