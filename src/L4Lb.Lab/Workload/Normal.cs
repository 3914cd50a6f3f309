namespace L4Lb.Lab.Workload;

/// <summary>The normal distribution's quantiles: Peter Acklam's rational approximation (2000), within 1.2e-9 of each.</summary>
internal static class Normal
{
    private const double Low = 0.02425;

    /// <summary>The value that a part of <paramref name="unit"/> (0 &lt; unit &lt; 1) of all does not exceed.</summary>
    internal static double Quantile(double unit) => unit switch
    {
        < Low => Tail(Math.Sqrt(-2 * Math.Log(unit))),
        > 1 - Low => -Tail(Math.Sqrt(-2 * Math.Log(1 - unit))),
        _ => Middle(unit - 0.5),
    };

    private static double Tail(double q) =>
        Horner(
            q, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00,
            2.938163982698783e+00)
        / Horner(q, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1);

    private static double Middle(double q)
    {
        var r = q * q;
        return q
            * Horner(
                r, -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
                -3.066479806614716e+01, 2.506628277459239e+00)
            / Horner(
                r, -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                -1.328068155288572e+01, 1);
    }

    private static double Horner(double x, params ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
