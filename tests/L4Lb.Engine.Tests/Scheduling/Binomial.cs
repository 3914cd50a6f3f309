namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>Whether counts may come from independent picks in proportion to weights.</summary>
internal static class Binomial
{
    /// <summary>Five standard deviations: a right implementation fails once in 1.7 million seeds.</summary>
    public static void Assert(int[] weights, int[] counts)
    {
        var picks = counts.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            var share = (double)weights[i] / weights.Sum();
            var deviation = Math.Sqrt(picks * share * (1 - share));
            Xunit.Assert.InRange(counts[i], (picks * share) - (5 * deviation), (picks * share) + (5 * deviation));
        }
    }
}
