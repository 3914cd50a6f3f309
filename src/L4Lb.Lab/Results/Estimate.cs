namespace L4Lb.Lab.Results;

/// <summary>A mean of several runs, and how far the true one may be from it.</summary>
/// <param name="Mean">Of the runs.</param>
/// <param name="HalfWidth">
/// The true mean is within this of <paramref name="Mean"/> with 95 % confidence (Student's t); null for a single run.
/// </param>
/// <param name="Count">How many runs.</param>
public readonly record struct Estimate(double Mean, double? HalfWidth, int Count)
{
    /// <summary>The lower end of the interval.</summary>
    public double Low => Mean - (HalfWidth ?? 0);

    /// <summary>Its upper end.</summary>
    public double High => Mean + (HalfWidth ?? 0);

    /// <summary>Whether the true mean is another than <paramref name="value"/>, with 95 % confidence. Never of a single run.</summary>
    public bool Excludes(double value) => HalfWidth is not null && (value < Low || value > High);

    /// <summary>That of <paramref name="values"/>; null without any.</summary>
    public static Estimate? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var mean = values.Average();
        return values.Count == 1
            ? new Estimate(mean, null, 1)
            : new Estimate(mean, StudentT.Quantile(values.Count - 1) * Math.Sqrt(Variance(values, mean) / values.Count), values.Count);
    }

    /// <summary>
    /// The difference of the means of two samples that have nothing to do with each other (Welch, Biometrika 34, 1947); null without any.
    /// </summary>
    public static Estimate? OfDifference(IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline)
    {
        if (values.Count == 0 || baseline.Count == 0)
        {
            return null;
        }

        var (mean, baseMean) = (values.Average(), baseline.Average());
        var count = Math.Min(values.Count, baseline.Count);
        if (count == 1)
        {
            return new Estimate(mean - baseMean, null, 1);
        }

        var (part, basePart) = (Variance(values, mean) / values.Count, Variance(baseline, baseMean) / baseline.Count);
        var error = part + basePart;
        var degrees = error == 0
            ? count - 1
            : error * error / ((part * part / (values.Count - 1)) + (basePart * basePart / (baseline.Count - 1)));
        return new Estimate(mean - baseMean, StudentT.Quantile(Math.Max(degrees, 1)) * Math.Sqrt(error), count);
    }

    private static double Variance(IReadOnlyCollection<double> values, double mean) =>
        values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
}
