using L4Lb.Host.Logging;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Running;

/// <summary>
/// Logs what a load had to say. Errors every time, since each refused load is news; warnings only when they were not
/// there the last time, since a reload of another file does not make them new. Not thread-safe.
/// </summary>
internal sealed class DiagnosticReporter(ILogger logger)
{
    private HashSet<Diagnostic> _known = [];

    /// <summary>Logs the news among <paramref name="diagnostics"/>.</summary>
    public void Report(IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic.Severity == Severity.Error)
            {
                HostLog.ConfigurationError(logger, diagnostic.ToString());
            }
            else if (!_known.Contains(diagnostic))
            {
                HostLog.ConfigurationWarning(logger, diagnostic.ToString());
            }
        }

        _known = [.. diagnostics.Where(d => d.Severity == Severity.Warning)];
    }
}
