using System.Diagnostics;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Telemetry;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Running;

/// <summary>
/// Load, take addresses, apply, give addresses back: one way for the first configuration and for every later one.
/// A configuration with errors changes nothing. Not thread-safe: one caller at a time.
/// </summary>
internal sealed class ConfigurationPipeline(
    IDesiredStateSource source, IDataPlane dataPlane, IAddressHolder addresses, InstanceStatus status)
{
    private long _revision;
    private bool _isInForce;

    /// <summary>Loads the configuration again and puts it in force, unless it has errors.</summary>
    public async Task<LoadOutcome> LoadAsync(CancellationToken cancellationToken)
    {
        using var activity = Tracing.Start("configuration.load");
        try
        {
            var outcome = await LoadAndApplyAsync(cancellationToken);
            activity?.SetTag("l4lb.config.revision", outcome.Revision).SetTag("l4lb.config.services_changed", outcome.Changed);
            Tracing.End(activity, outcome.IsInForce ? null : $"{outcome.Errors.Count()} errors");
            return outcome;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            status.Failed();
            Tracing.End(activity, e.Message);
            throw;
        }
    }

    private async Task<LoadOutcome> LoadAndApplyAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var loaded = source.Load();
        if (loaded.Desired is not { } desired)
        {
            return Refuse(loaded.Diagnostics);
        }

        if (loaded.IsUnchanged && _isInForce)
        {
            return new LoadOutcome(IsInForce: true, _revision, 0, loaded.Diagnostics) { ReadTime = loaded.ReadTime };
        }

        desired = desired with { Revision = Math.Max(desired.Revision, _revision + 1) };
        addresses.Take(desired); // Before the listeners: they cannot bind what is not there.
        var applied = await dataPlane.ApplyAsync(desired, cancellationToken);
        addresses.KeepOnly(dataPlane.Desired); // After them: nobody loses an address that still listens.
        if (!applied.Accepted)
        {
            return Refuse([.. loaded.Diagnostics, .. applied.Errors.Select(AsDiagnostic)]);
        }

        _revision = applied.Revision;
        _isInForce = true;
        status.Applied(_revision);
        return new LoadOutcome(IsInForce: true, _revision, applied.Changed, loaded.Diagnostics)
        {
            ReadTime = loaded.ReadTime,
            ApplyTime = Stopwatch.GetElapsedTime(started) - loaded.ReadTime,
        };
    }

    private static Diagnostic AsDiagnostic(ValidationError error) => new(Severity.Error, "", 0, error.Path, error.Message);

    private LoadOutcome Refuse(IReadOnlyList<Diagnostic> diagnostics)
    {
        _isInForce = false;
        status.Refused();
        return new LoadOutcome(IsInForce: false, _revision, 0, diagnostics);
    }
}

/// <summary>What came of one load.</summary>
/// <param name="IsInForce">Whether it is in force now; if not, the one before still is.</param>
/// <param name="Revision">The revision in force.</param>
/// <param name="Changed">Service ports added, changed or removed.</param>
/// <param name="Diagnostics">Errors and warnings.</param>
internal sealed record LoadOutcome(bool IsInForce, long Revision, int Changed, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>How long it took to read and check the input.</summary>
    public TimeSpan ReadTime { get; init; }

    /// <summary>How long it took from there until the change was in force.</summary>
    public TimeSpan ApplyTime { get; init; }

    /// <summary>The errors alone.</summary>
    public IEnumerable<Diagnostic> Errors => Diagnostics.Where(d => d.Severity == Severity.Error);
}
