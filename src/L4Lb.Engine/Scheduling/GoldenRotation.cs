namespace L4Lb.Engine.Scheduling;

/// <summary>
/// A smooth weighted sequence that needs no table, for sums of weights that would make a long one: turn t falls on the
/// point t · step mod sum of a line on which everybody is as long as their weight. Immutable.
/// </summary>
/// <remarks>
/// The step has no divisor in common with the sum, so any window of as many turns as the sum hits every point once: all
/// shares in it are exact. And it is close to the sum divided by the golden ratio, with small partial quotients, so
/// shorter windows are nearly so as well: nobody is ever more than about four turns from their share (the discrepancy of
/// a rotation is bounded by the sum of those quotients: Kuipers, Niederreiter, "Uniform Distribution of Sequences", 2.3).
/// </remarks>
internal sealed class GoldenRotation
{
    // Of this many steps the best is taken. Every second or third of them shares no divisor with the sum.
    private const int StepsTried = 512;

    private readonly WeightedLine _line;
    private readonly ulong _sum;
    private readonly ulong _step;

    internal GoldenRotation(ReadOnlySpan<int> weights)
    {
        _line = new WeightedLine(weights);
        _sum = (ulong)_line.Length;
        _step = BestStep(_sum);
    }

    /// <summary>Who has the turn.</summary>
    internal int At(ulong turn)
    {
        turn %= _sum;
        var point = _sum <= uint.MaxValue ? turn * _step % _sum : (ulong)((UInt128)turn * _step % _sum);
        return _line.IndexAt((long)point);
    }

    /// <summary>The step near sum / golden ratio whose greatest partial quotient is least.</summary>
    internal static ulong BestStep(ulong sum)
    {
        var middle = (ulong)(sum * 0.6180339887498949);
        var (best, least) = (1UL, ulong.MaxValue);
        for (var i = 0; i < StepsTried; i++)
        {
            // middle, middle + 1, middle - 1, middle + 2, …
            var step = (i & 1) == 0 ? middle - (ulong)(i / 2) : middle + (ulong)((i + 1) / 2);
            if (step > 0 && step < sum && GreatestQuotient(sum, step, least) is var greatest && greatest < least)
            {
                (best, least) = (step, greatest);
            }
        }

        return best;
    }

    /// <summary>
    /// The greatest partial quotient of step / sum if that is below <paramref name="bound"/>, and if they share no divisor;
    /// else more than any. Most steps are found out after a few divisions.
    /// </summary>
    private static ulong GreatestQuotient(ulong sum, ulong step, ulong bound)
    {
        var (a, b, greatest) = (sum, step, 0UL);
        while (b > 0 && greatest < bound)
        {
            greatest = Math.Max(greatest, a / b);
            (a, b) = (b, a % b);
        }

        return a == 1 && b == 0 ? greatest : ulong.MaxValue;
    }
}
