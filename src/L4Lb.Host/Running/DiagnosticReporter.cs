using L4Lb.Host.Logging;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Running;

/// <summary>
/// Logs what a load had to say. The errors of a refused load every time, since each refusal is news; what does not keep a load
/// from being in force only when it was not there the last time, since a change of something else does not make it new.
/// Not thread-safe.
/// </summary>
internal sealed class DiagnosticReporter(ILogger logger)
{
    private IReadOnlyList<Diagnostic> _last = [];
    private HashSet<Diagnostic> _known = [];

    /// <summary>Logs the news of <paramref name="outcome"/>.</summary>
    public void Report(LoadOutcome outcome)
    {
        if (outcome.IsInForce && ReferenceEquals(outcome.Diagnostics, _last))
        {
            return;
        }

        foreach (var diagnostic in outcome.Diagnostics)
        {
            var isNew = !_known.Contains(diagnostic);
            if (diagnostic.Severity == Severity.Error && (isNew || !outcome.IsInForce))
            {
                HostLog.ConfigurationError(logger, diagnostic.ToString());
            }
            else if (diagnostic.Severity == Severity.Warning && isNew)
            {
                HostLog.ConfigurationWarning(logger, diagnostic.ToString());
            }
        }

        _last = outcome.Diagnostics;
        _known = [.. _last];
    }
}
