using L4Lb.Engine.Health.Probes;

namespace L4Lb.Engine.Health;

/// <summary>A question that is put to one backend again and again, one at a time. Monitor's loop only.</summary>
internal sealed class Check
{
    internal Check(ICheckRunner runner, IProbe probe, ProbeTarget target) =>
        (Probe, Target, Due) = (probe, target, new DueItem(() => runner.Start(this)));

    internal IProbe Probe { get; }

    internal ProbeTarget Target { get; }

    /// <summary>Time from the start of one to the start of the next, until something is known.</summary>
    internal required TimeSpan Interval { get; init; }

    /// <summary>How long an answer may take.</summary>
    internal required TimeSpan Timeout { get; init; }

    /// <summary>It runs a program, which costs more than a socket.</summary>
    internal bool IsProgram { get; init; }

    /// <summary>Is told what was found, unless the check was stopped; schedules the next.</summary>
    internal required Action<ProbeResult> Finished { get; init; }

    /// <summary>When it is to start next.</summary>
    internal DueItem Due { get; }

    /// <summary>When the last probe was started.</summary>
    internal long StartedMs { get; set; }

    /// <summary>Ends the probe that runs; null while none does.</summary>
    internal CancellationTokenSource? Running { get; set; }

    /// <summary>Nobody wants to know any more.</summary>
    internal bool IsStopped { get; private set; }

    internal void Stop()
    {
        IsStopped = true;
        Due.Cancel();
        Running?.Cancel();
    }
}
