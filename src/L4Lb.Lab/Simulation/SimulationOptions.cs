namespace L4Lb.Lab.Simulation;

/// <summary>How to simulate; nothing of it changes what comes out, but for the cost of picks.</summary>
/// <param name="Parallelism">Runs at a time.</param>
/// <param name="Command">What was typed, for the result's provenance.</param>
/// <param name="Version">Of the program, likewise.</param>
public sealed record SimulationOptions(int Parallelism, string Command = "", string Version = "")
{
    /// <summary>Whether the real cost of a pick is measured, at the end of each run.</summary>
    public bool MeasuresPicks { get; init; } = true;

    /// <summary>Tells the time that it took.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
