using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>What everything that the monitor follows shares. Monitor's loop only, but for <paramref name="Post"/>.</summary>
/// <param name="Clock">The time.</param>
/// <param name="Due">What is to be done when.</param>
/// <param name="Runner">Runs the probes.</param>
/// <param name="Republisher">Has services compiled anew.</param>
/// <param name="Post">Runs something on the monitor's loop soon. Any thread.</param>
/// <param name="Probes">Makes the probe that a spec asks for.</param>
/// <param name="Chance">0…1.</param>
/// <param name="Log">Is told of changes; null for nobody.</param>
internal sealed record HealthContext(
    HealthClock Clock,
    DueQueue Due,
    ICheckRunner Runner,
    Republisher Republisher,
    Action<Action> Post,
    Func<ProbeSpec, IProbe> Probes,
    Func<double> Chance,
    IHealthLog? Log)
{
    internal void Schedule(DueItem item, TimeSpan after) =>
        Due.Schedule(item, Clock.NowMs + (long)Math.Ceiling(after.TotalMilliseconds));

    /// <summary>Puts a backend's new verdict in force and says what became of it.</summary>
    internal void Publish(ServiceSpec service, Backend backend, HealthVerdict verdict)
    {
        var before = backend.Health;
        backend.Health = verdict;
        if (before.State != verdict.State || before.Drains != verdict.Drains)
        {
            var atUtc = before.State != verdict.State && verdict != HealthVerdict.Unchecked ? verdict.SinceUtc : Clock.UtcNow;
            Log?.Changed(new HealthChange(
                service.Key, backend.Address, before.State, verdict.State, verdict.Drains, verdict.Reason, atUtc));
        }

        if (!verdict.MeansTheSameAs(before))
        {
            Republisher.Mark(service.Key);
        }

        if (verdict.IsDown && !before.IsDown && service.Health.WhenDown == WhenDown.Reset)
        {
            Republisher.Reset(backend);
        }
    }
}
