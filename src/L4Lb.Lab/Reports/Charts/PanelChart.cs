namespace L4Lb.Lab.Reports.Charts;

/// <summary>The same chart once for each of many, small, on common axes, so that as many as there are stay apart (Tufte's
/// multiples).</summary>
/// <param name="X">The axis from left to right.</param>
/// <param name="Y">The axis from bottom to top.</param>
/// <param name="Panels">One after another, row by row.</param>
internal sealed record PanelChart(Axis X, Axis Y, IReadOnlyList<Panel> Panels) : Chart
{
    private const int MaxColumns = 3;
    private const double PanelHeight = 118;
    private const double PanelTop = 24;
    private const double Head = 24;
    private const double Foot = 40;
    private const double Gap = 14;

    /// <inheritdoc/>
    public override double Height => Head + (Rows * PanelHeight) + Foot;

    private int Columns => Math.Clamp(Panels.Count, 1, MaxColumns);

    private int Rows => Math.Max((Panels.Count + Columns - 1) / Columns, 1);

    /// <inheritdoc/>
    protected override void Draw(MarkupWriter svg)
    {
        var points = Panels.SelectMany(static p => p.Series).SelectMany(static s => s.Points).ToList();
        var (x, y) = (X.ScaleFor(points.Select(static p => p.X)), Y.ScaleFor(points.Select(static p => p.Y)));
        var left = Y.Labels(y).Max(Frame.WidthOf) + 12;
        var width = (Width - left - Gap) / Columns;
        svg.Element("text", Y.Title, ("x", 2), ("y", 14));
        for (var i = 0; i < Panels.Count; i++)
        {
            var (row, column) = Math.DivRem(i, Columns);
            var (at, top) = (left + (column * width), Head + (row * PanelHeight));
            var frame = new Frame(at, top + PanelTop, at + width - Gap, top + PanelHeight - 4, (X, x), (Y, y));
            svg.Element("text", Frame.Cut(Panels[i].Name, width - Gap), ("class", "t"), ("x", at), ("y", top + 17));
            frame.Draw(svg, hasXTexts: i + Columns >= Panels.Count, hasYTexts: column == 0, isNarrow: true);
            foreach (var series in Panels[i].Series)
            {
                LineChart.DrawLine(svg, frame, series);
            }
        }
    }
}

/// <summary>One of many small charts.</summary>
/// <param name="Name">Above it.</param>
/// <param name="Series">What it shows; the last lies on top.</param>
internal sealed record Panel(string Name, IReadOnlyList<Series> Series);
