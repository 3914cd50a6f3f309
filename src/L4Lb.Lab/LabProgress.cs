namespace L4Lb.Lab;

/// <summary>How far the lab is.</summary>
/// <param name="Part">Part of the work that is done, 0…1.</param>
/// <param name="Events">Simulated events so far.</param>
/// <param name="Left">Time that it will probably still take; null while nobody can say.</param>
public readonly record struct LabProgress(double Part, long Events, TimeSpan? Left);
