namespace L4Lb.Engine.Health;

/// <summary>
/// Puts the questions of checks: on sockets, or to whatever stands for the backends in virtual time. Monitor's loop only.
/// </summary>
internal interface ICheckRunner
{
    /// <summary>Probes that run now.</summary>
    int Running { get; }

    /// <summary>Puts the question as soon as there is room; <see cref="Check.Finished"/> is told the answer.</summary>
    void Start(Check check);

    /// <summary>Ends every probe; those that wait are forgotten.</summary>
    void StopAll();
}
