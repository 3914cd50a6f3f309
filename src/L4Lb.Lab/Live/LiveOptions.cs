using System.Net;

namespace L4Lb.Lab.Live;

/// <summary>How to run a scenario on sockets.</summary>
/// <param name="Command">What was typed, for the result's provenance.</param>
/// <param name="Version">Of the program, likewise.</param>
public sealed record LiveOptions(string Command = "", string Version = "")
{
    /// <summary>Requests are datagrams rather than connections.</summary>
    public bool IsUdp { get; init; }

    /// <summary>
    /// Real seconds of a second of the scenario: above 1 everything is slower, so that a machine can do more backends. Results are in
    /// the scenario's time.
    /// </summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Another balancer that is driven in place of ours; it has the lab's backends behind it. Null for ours.</summary>
    public IPEndPoint? Target { get; init; }

    /// <summary>Whoever runs this owns a target that is not on this machine.</summary>
    public bool OwnsTarget { get; init; }

    /// <summary>The port of the first backend on 127.0.0.1, the others following; null for any that are free.</summary>
    public int? BackendPort { get; init; }

    /// <summary>Threads of the balancer; the generator and the backends have one of their own.</summary>
    public int Shards { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Tells when it was, and how long it took; the run itself is in real time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
