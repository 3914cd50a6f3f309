namespace L4Lb.Lab.Workload;

/// <summary>
/// How long something takes, in seconds. Immutable. One random number makes one duration (by the inverse of the distribution
/// function), so the same request is the same work whoever is asked to do it.
/// </summary>
public abstract record Distribution
{
    /// <summary>The mean in seconds.</summary>
    public abstract double Mean { get; }

    /// <summary>The duration in seconds that a part of <paramref name="unit"/> (0 &lt; unit &lt; 1) of all does not exceed.</summary>
    public abstract double At(double unit);

    /// <summary>The duration in seconds that 64 random bits stand for.</summary>
    public double Of(ulong bits) => At(Dice.ToUnit(bits));
}

/// <summary>Always the same.</summary>
/// <param name="Seconds">How long.</param>
public sealed record DeterministicTime(double Seconds) : Distribution
{
    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double At(double unit) => Seconds;
}

/// <summary>Without memory: however long it took already, the rest is as long on average.</summary>
/// <param name="Seconds">The mean.</param>
public sealed record ExponentialTime(double Seconds) : Distribution
{
    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double At(double unit) => -Seconds * Math.Log(unit);
}

/// <summary>Its logarithm is normal: what is measured of most web services.</summary>
/// <param name="Seconds">The mean.</param>
/// <param name="Sigma">Standard deviation of the logarithm.</param>
public sealed record LognormalTime(double Seconds, double Sigma) : Distribution
{
    private readonly double _mu = Math.Log(Seconds) - (Sigma * Sigma / 2);

    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double At(double unit) => Math.Exp(_mu + (Sigma * Normal.Quantile(unit)));
}

/// <summary>A heavy tail: few are so long that they are a good part of all work. The longest are cut off.</summary>
/// <param name="Seconds">The mean without the cut.</param>
/// <param name="Shape">How heavy; above 1, and heavier the nearer to it. Below 2 the variance is infinite without the cut.</param>
/// <param name="Most">The cut, in seconds; infinity for none.</param>
public sealed record ParetoTime(double Seconds, double Shape, double Most = double.PositiveInfinity) : Distribution
{
    private double Least => Seconds * (Shape - 1) / Shape;

    /// <inheritdoc/>
    public override double Mean => Least + (Least / (Shape - 1) * (1 - Math.Pow(Least / Most, Shape - 1)));

    /// <inheritdoc/>
    public override double At(double unit) => Math.Min(Least * Math.Pow(unit, -1 / Shape), Most);
}

/// <summary>Either short or long, and nothing between: a cache that hits or misses, a read or a report.</summary>
/// <param name="Short">Seconds of a short one.</param>
/// <param name="Long">Seconds of a long one.</param>
/// <param name="LongPart">Part of them that is long, 0…1.</param>
public sealed record BimodalTime(double Short, double Long, double LongPart) : Distribution
{
    /// <inheritdoc/>
    public override double Mean => Short + (LongPart * (Long - Short));

    /// <inheritdoc/>
    public override double At(double unit) => unit < LongPart ? Long : Short;
}
