using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>The backends of one service under observation, and what can only be judged by comparing them. Monitor's loop only.</summary>
internal sealed class ServiceHealth
{
    private readonly HealthContext _context;
    private readonly DueItem _sweep;
    private readonly DueItem _growth;
    private Dictionary<AddressKey, BackendHealth> _backends = [];
    private bool _isKnown;

    internal ServiceHealth(HealthContext context, ServiceSpec spec)
    {
        (_context, Spec) = (context, spec);
        _sweep = new DueItem(Sweep);
        _growth = new DueItem(Grow);
    }

    /// <summary>What is asked.</summary>
    internal ServiceSpec Spec { get; private set; }

    /// <summary>Whether there is anything to observe.</summary>
    internal static bool IsAsked(HealthSpec health) =>
        health.Probe is not null || health.Agent is not null || health.Outlier is not null || health.SlowStart is not null;

    /// <summary>Takes a new spec into account. Returns the checks that begin.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="identities">Its backends.</param>
    internal List<Check> Follow(ServiceSpec spec, IReadOnlyDictionary<AddressKey, Backend> identities)
    {
        Spec = spec;
        var left = _backends;
        _backends = new Dictionary<AddressKey, BackendHealth>(spec.Backends.Count);
        var begun = new List<Check>();
        foreach (var wanted in spec.Backends)
        {
            // One that no policy uses is there to drain or for show.
            var address = AddressKey.From(wanted.Address);
            if (wanted.Scopes == BackendScope.None || !identities.TryGetValue(address, out var identity))
            {
                continue;
            }

            var isNew = !left.TryGetValue(address, out var backend) || backend.Backend != identity;
            if (isNew)
            {
                backend = new BackendHealth(_context, this, identity);
            }
            else
            {
                left.Remove(address);
            }

            _backends.Add(address, backend!);
            begun.AddRange(backend!.Follow());
            if (isNew && _isKnown)
            {
                backend.BeginGrowth();
            }
        }

        _isKnown = true;
        StopAll(left.Values);
        if (spec.Health.Outlier is { } outlier && !_sweep.IsScheduled)
        {
            _context.Schedule(_sweep, outlier.Interval);
        }

        return begun;
    }

    /// <summary>Looks no longer.</summary>
    internal void Stop()
    {
        _sweep.Cancel();
        _growth.Cancel();
        StopAll(_backends.Values);
    }

    /// <summary>A backend grows: its weight is looked at until it has grown.</summary>
    internal void ExpectGrowth()
    {
        if (!_growth.IsScheduled && Spec.Health.SlowStart is { } slowStart)
        {
            _context.Schedule(_growth, SlowStart.Step(slowStart));
        }
    }

    /// <summary>Ejects a backend unless it is already, or too many are.</summary>
    internal void TryEject(BackendHealth backend, OutlierSpec spec, string reason)
    {
        var ejected = _backends.Values.Count(static b => b.IsEjected);
        if (!backend.IsEjected && EjectionBudget.Allows(ejected, _backends.Count, spec.MaxEjectedPercent))
        {
            backend.Eject(spec, reason);
        }
    }

    private void Sweep()
    {
        if (Spec.Health.Outlier is not { } spec)
        {
            return;
        }

        BackendHealth[] backends = [.. _backends.Values];
        var volumes = Array.ConvertAll(backends, static backend => backend.EndInterval());
        var (outliers, threshold) = SuccessRates.Judge(spec, volumes);
        foreach (var index in outliers)
        {
            var percent = FormattableString.Invariant($"{100 * volumes[index].Rate:F1} % of its connects succeeded, less than {100 * threshold:F1} %");
            TryEject(backends[index], spec, percent);
        }

        _context.Schedule(_sweep, spec.Interval);
    }

    private void Grow()
    {
        foreach (var backend in _backends.Values.Where(static backend => backend.Grows))
        {
            backend.Grow();
        }
    }

    private static void StopAll(IEnumerable<BackendHealth> backends)
    {
        foreach (var backend in backends)
        {
            backend.Stop();
        }
    }
}
