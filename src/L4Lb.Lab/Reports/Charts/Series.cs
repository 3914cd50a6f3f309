namespace L4Lb.Lab.Reports.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">As its label says.</param>
/// <param name="Style">Which of the palette's styles, from 0; null for one that is only there to be compared with, in grey.</param>
/// <param name="Points">From left to right; where one is no number the line is broken.</param>
internal sealed record Series(string Name, int? Style, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether a value holds until the next instead of changing evenly.</summary>
    public bool IsStep { get; init; }
}
