namespace L4Lb.Lab.Scenarios;

/// <summary>Something that goes wrong with some backends, or changes who they are. Times are seconds from the end of the warm-up.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Group">Whose backends.</param>
public abstract record Fault(double At, string Group)
{
    /// <summary>The first backend of the group that it concerns.</summary>
    public int First { get; init; }

    /// <summary>How many; null for all that follow.</summary>
    public int? Count { get; init; }

    /// <summary>How long it lasts in seconds; null: to the end.</summary>
    public double? For { get; init; }
}

/// <summary>Everything takes so many times as long, what is begun already included.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Group">Whose backends.</param>
/// <param name="Factor">How many times.</param>
public sealed record SlowFault(double At, string Group, double Factor) : Fault(At, Group);

/// <summary>They are gone, without anybody having been told.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Group">Whose backends.</param>
/// <param name="Way">How it shows.</param>
public sealed record CrashFault(double At, string Group, CrashWay Way) : Fault(At, Group)
{
    /// <summary>They come back and crash again: seconds from one crash to the next; null for one crash.</summary>
    public double? Every { get; init; }

    /// <summary>Seconds that each crash lasts, of those that repeat.</summary>
    public double Down { get; init; }
}

/// <summary>How a crash shows to whoever connects.</summary>
public enum CrashWay
{
    /// <summary>The program is gone: its kernel resets what was open and refuses what comes.</summary>
    Refuses,

    /// <summary>The machine is gone: nothing answers. What was open is reset once it is back.</summary>
    Hangs,
}

/// <summary>The world stops for them again and again, as for a garbage collection: connects succeed, and nothing else happens.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Group">Whose backends.</param>
/// <param name="Every">Seconds from one pause to the next, on average; each backend has a beat of its own.</param>
/// <param name="Length">Seconds that one lasts.</param>
/// <param name="IsRandom">The time between two is exponential rather than the same.</param>
public sealed record PauseFault(double At, string Group, double Every, double Length, bool IsRandom) : Fault(At, Group);

/// <summary>They are removed, in order, and added again after a while: one after the other, or so many at a time.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Group">Whose backends.</param>
/// <param name="Down">Seconds that each is away.</param>
/// <param name="Batch">How many at a time.</param>
/// <param name="Pause">Seconds from the return of some to the leave of the next.</param>
public sealed record RollingUpdate(double At, string Group, double Down, int Batch, double Pause) : Fault(At, Group);

/// <summary>Backends are added to the group, behind those that it has.</summary>
/// <param name="At">When the first is.</param>
/// <param name="Group">Which group.</param>
/// <param name="Every">Seconds from one to the next; 0: all at once.</param>
public sealed record AddFault(double At, string Group, double Every) : Fault(At, Group);

/// <summary>Backends are removed in order: they get nothing new, and what is open may end within the drain timeout.</summary>
/// <param name="At">When the first is.</param>
/// <param name="Group">Which group.</param>
/// <param name="Every">Seconds from one to the next; 0: all at once.</param>
public sealed record RemoveFault(double At, string Group, double Every) : Fault(At, Group);
