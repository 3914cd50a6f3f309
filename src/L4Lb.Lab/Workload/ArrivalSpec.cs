namespace L4Lb.Lab.Workload;

/// <summary>How requests come. Immutable.</summary>
public abstract record ArrivalSpec
{
    /// <summary>Requests per second on average; null when <see cref="Load"/> says it.</summary>
    public double? Rate { get; init; }

    /// <summary>Offered work as a part of what the backends of the start can do; null when <see cref="Rate"/> says it.</summary>
    public double? Load { get; init; }
}

/// <summary>Independently of each other.</summary>
public sealed record PoissonArrivals : ArrivalSpec;

/// <summary>In equal steps.</summary>
public sealed record EvenArrivals : ArrivalSpec;

/// <summary>In bursts: two Poisson processes that take turns.</summary>
/// <param name="Peak">Rate within a burst, as a multiple of the average.</param>
/// <param name="On">Mean length of a burst, in seconds.</param>
/// <param name="Off">Mean length of the time between two, in seconds.</param>
/// <param name="IsRegular">The lengths are always the mean rather than exponential.</param>
public sealed record BurstArrivals(double Peak, double On, double Off, bool IsRegular = false) : ArrivalSpec
{
    /// <summary>Rate between bursts, as a multiple of the average; below 0 when the bursts alone are more than all.</summary>
    public double LowOfMean => 1 - ((Peak - 1) * On / Off);
}

/// <summary>As day and night: a wave that begins at its lowest.</summary>
/// <param name="Period">Seconds from one low to the next.</param>
/// <param name="Amplitude">How far it goes up and down, as a part of the average, 0…1.</param>
public sealed record DiurnalArrivals(double Period, double Amplitude) : ArrivalSpec
{
    /// <summary>The rate at <paramref name="seconds"/> as a multiple of the average.</summary>
    public double FactorAt(double seconds) => 1 - (Amplitude * Math.Cos(2 * Math.PI * seconds / Period));
}

/// <summary>As they once came, at another pace if a rate is given, and again from the start after the last.</summary>
/// <param name="Trace">When, and whose; how long each takes is up to the backends.</param>
public sealed record LoggedArrivals(Trace Trace) : ArrivalSpec;

/// <summary>As they once came, once; each takes as long as it once took.</summary>
/// <param name="Trace">When, whose and how long.</param>
public sealed record ReplayedArrivals(Trace Trace) : ArrivalSpec;

/// <summary>
/// A closed loop: users who ask, wait for the answer and think. It hides overload, because who waits does not ask: for
/// comparison.
/// </summary>
/// <param name="Users">How many.</param>
/// <param name="Think">How long they think.</param>
public sealed record ClosedArrivals(int Users, Distribution Think) : ArrivalSpec;
