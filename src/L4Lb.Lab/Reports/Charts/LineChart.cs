using System.Text;

namespace L4Lb.Lab.Reports.Charts;

/// <summary>Lines or steps over a common axis, each with its name at its right.</summary>
/// <param name="X">The axis from left to right.</param>
/// <param name="Y">The axis from bottom to top.</param>
/// <param name="Series">The lines; the first lie on top.</param>
internal sealed record LineChart(Axis X, Axis Y, IReadOnlyList<Series> Series) : Chart
{
    private const double Top = 30;
    private const double KeyWidth = 150;
    private const double KeyStep = 16;
    private const double SampleWidth = 22;

    /// <inheritdoc/>
    public override double Height => 330;

    /// <inheritdoc/>
    protected override void Draw(MarkupWriter svg)
    {
        var (x, y) = (X.ScaleFor(Points.Select(static p => p.X)), Y.ScaleFor(Points.Select(static p => p.Y)));
        var left = Y.Labels(y).Max(Frame.WidthOf) + 12;
        var frame = new Frame(left, Top, Width - KeyWidth, Height - 44, (X, x), (Y, y));
        svg.Element("text", Y.Title, ("x", 2), ("y", 14));
        frame.Draw(svg);
        foreach (var series in Series.Reverse())
        {
            DrawLine(svg, frame, series);
        }

        DrawKeys(svg, frame);
    }

    /// <summary>A line in a frame.</summary>
    internal static void DrawLine(MarkupWriter svg, Frame frame, Series series)
    {
        var style = series.Style is { } number ? $"l s{number}" : "m";
        using (svg.In("g"))
        {
            svg.Element("title", series.Name);
            var path = PathOf(frame, series);
            if (path.Length > 0)
            {
                svg.Empty("path", ("class", style), ("d", path));
            }

            foreach (var (px, py) in Lonely(frame, series))
            {
                svg.Empty("circle", ("class", series.Style is { } dot ? $"f{dot}" : "d"), ("cx", frame.X(px)), ("cy", frame.Y(py)), ("r", 3));
            }
        }
    }

    private IEnumerable<(double X, double Y)> Points => Series.SelectMany(static s => s.Points);

    private static string PathOf(Frame frame, Series series)
    {
        var path = new StringBuilder();
        var (isDown, last) = (false, "");
        foreach (var (px, py) in series.Points)
        {
            if (!IsShown(frame, px, py))
            {
                isDown = false;
                continue;
            }

            var (x, y) = (MarkupWriter.Coordinate(frame.X(px)), MarkupWriter.Coordinate(frame.Y(py)));
            var command = !isDown ? $"M{x} {y}" : series.IsStep ? $"H{x}V{y}" : $"L{x} {y}";
            if (!isDown || command[1..] != last)
            {
                path.Append(command);
            }

            (isDown, last) = (true, command[1..]);
        }

        return path.ToString();
    }

    /// <summary>Points without a neighbour: no line would show them.</summary>
    private static IEnumerable<(double X, double Y)> Lonely(Frame frame, Series series)
    {
        var points = series.Points;
        for (var i = 0; i < points.Count; i++)
        {
            var before = i > 0 && IsShown(frame, points[i - 1].X, points[i - 1].Y);
            var after = i + 1 < points.Count && IsShown(frame, points[i + 1].X, points[i + 1].Y);
            if (!before && !after && IsShown(frame, points[i].X, points[i].Y))
            {
                yield return points[i];
            }
        }
    }

    private static bool IsShown(Frame frame, double x, double y) =>
        double.IsFinite(x) && double.IsFinite(y) && !(frame.XScale.IsLog && x <= 0) && !(frame.YScale!.IsLog && y <= 0);

    /// <summary>Names at the right, as near to the lines' ends as they have room.</summary>
    private void DrawKeys(MarkupWriter svg, Frame frame)
    {
        var keys = Series.Where(static s => s.Style is not null).Select(s => (Series: s, At: EndOf(frame, s)))
            .OrderBy(static k => Math.Round(k.At.Y / KeyStep)).ThenByDescending(static k => k.At.X).ToList();
        var others = Series.Count - keys.Count;
        var room = frame.Bottom - Top;
        var step = Math.Min(KeyStep, room / Math.Max(keys.Count + (others > 0 ? 1 : 0), 1));
        var places = Spread([.. keys.Select(static k => k.At.Y)], step, Top, frame.Bottom - (others > 0 ? step : 0));
        var left = frame.Right + 10;
        for (var i = 0; i < keys.Count; i++)
        {
            var series = keys[i].Series;
            svg.Empty("line", ("class", $"l s{series.Style}"), ("x1", left), ("y1", places[i]), ("x2", left + SampleWidth), ("y2", places[i]));
            svg.Element(
                "text", Frame.Cut(series.Name, KeyWidth - SampleWidth - 14), ("class", "n"), ("x", left + SampleWidth + 4), ("y", places[i] + 4));
        }

        if (others > 0)
        {
            svg.Empty("line", ("class", "m"), ("x1", left), ("y1", frame.Bottom), ("x2", left + SampleWidth), ("y2", frame.Bottom));
            svg.Element("text", $"{others} others", ("x", left + SampleWidth + 4), ("y", frame.Bottom + 4));
        }
    }

    private static (double X, double Y) EndOf(Frame frame, Series series)
    {
        foreach (var (x, y) in series.Points.Reverse())
        {
            if (IsShown(frame, x, y))
            {
                return (frame.X(x), frame.Y(y));
            }
        }

        return (frame.Right, frame.Bottom);
    }

    /// <summary>Moves rising places apart to at least <paramref name="step"/>, within an area that has room for all.</summary>
    internal static double[] Spread(double[] places, double step, double top, double bottom)
    {
        var at = (double[])places.Clone();
        var least = top;
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = Math.Max(at[i], least);
            least = at[i] + step;
        }

        var most = bottom;
        for (var i = at.Length - 1; i >= 0; i--)
        {
            at[i] = Math.Min(at[i], most);
            most = at[i] - step;
        }

        return at;
    }
}
