namespace L4Lb.Engine.Health.Probes;

/// <summary>Looks at one backend once. Runs on the thread pool, never on a shard; an instance serves many at a time.</summary>
internal interface IProbe
{
    /// <summary>
    /// Looks, until <paramref name="deadline"/> at the latest, and leaves nothing open. What it finds is a value: it throws
    /// for nothing that a network or a program may do.
    /// </summary>
    Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline);
}
