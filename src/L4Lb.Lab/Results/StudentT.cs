namespace L4Lb.Lab.Results;

/// <summary>
/// Student's t distribution, for means of few runs. Abramowitz and Stegun, Handbook of Mathematical Functions: 26.7.3 and 26.7.4, the
/// finite sums for whole degrees of freedom; 26.7.5 for many.
/// </summary>
public static class StudentT
{
    // Beyond, the expansion is right to seven digits and the sums get long.
    private const int Many = 200;

    /// <summary>The probability that |T| does not exceed <paramref name="t"/>.</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="degrees">Of freedom, at least 1.</param>
    public static double Within(double t, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = degrees % 2 == 1;
        var term = odd ? cosine : 1;
        var sum = degrees == 1 ? 0 : term;
        for (var k = odd ? 3 : 2; k < degrees; k += 2)
        {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }

        return odd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
    }

    /// <summary>The t that |T| does not exceed with <paramref name="probability"/>: 12.706 for 0.95 and one degree of freedom.</summary>
    /// <param name="degrees">Of freedom; a fraction, as Welch's, is rounded down, which errs towards caution.</param>
    /// <param name="probability">Between 0 and 1.</param>
    public static double Quantile(double degrees, double probability = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        var whole = (int)Math.Min(degrees, int.MaxValue);
        return whole > Many ? Expansion(Normal(probability), whole) : Bisect(t => Within(t, whole), probability);
    }

    private static double Expansion(double x, double n)
    {
        var (x3, x5) = (x * x * x, x * x * x * x * x);
        var x7 = x5 * x * x;
        return x + ((x3 + x) / (4 * n)) + (((5 * x5) + (16 * x3) + (3 * x)) / (96 * n * n))
            + (((3 * x7) + (19 * x5) + (17 * x3) - (15 * x)) / (384 * n * n * n));
    }

    /// <summary>The normal distribution is the limit; so many degrees of freedom are as good as that to nine digits.</summary>
    private static double Normal(double probability)
    {
        // The error function by its series, 7.1.6: enough below 6 standard deviations.
        return Bisect(z => Erf(z / Math.Sqrt(2)), probability);
    }

    private static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && n < 1000; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double Bisect(Func<double, double> rising, double target)
    {
        var (low, high) = (0d, 1d);
        while (rising(high) < target && high < 1e9)
        {
            high *= 2;
        }

        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = rising(middle) < target ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
