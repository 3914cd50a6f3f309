namespace L4Lb.Lab.Reports.Charts;

/// <summary>A row for each of many, with marks, intervals and bars on a common axis; the names stand where they are read, at the
/// left.</summary>
/// <param name="X">The axis.</param>
/// <param name="Keys">What the marks mean.</param>
/// <param name="Rows">From top to bottom.</param>
internal sealed record RowChart(Axis X, IReadOnlyList<MarkKey> Keys, IReadOnlyList<Row> Rows) : Chart
{
    private const double RowHeight = 22;
    private const double MaxNameWidth = 210;

    /// <inheritdoc/>
    public override double Height => Head + (Rows.Count * RowHeight) + 46;

    /// <summary>Values that a line is drawn at through all rows: what is due, what is normal.</summary>
    public IReadOnlyList<double> References { get; init; } = [];

    private double Head => Keys.Count > 1 ? 28 : 10;

    /// <inheritdoc/>
    protected override void Draw(MarkupWriter svg)
    {
        var values = Rows.SelectMany(static r => r.Marks).SelectMany(static m => m.Values.Append(m.Low).Append(m.High));
        var scale = X.ScaleFor(values.Concat(References));
        var names = Math.Min(Rows.Select(static r => Frame.WidthOf(r.Name)).DefaultIfEmpty(0).Max(), MaxNameWidth);
        var frame = new Frame(names + 14, Head, Width - 24, Head + (Rows.Count * RowHeight), (X, scale));
        frame.Draw(svg);
        foreach (var reference in References)
        {
            svg.Empty("line", ("class", "r"), ("x1", frame.X(reference)), ("y1", frame.Top), ("x2", frame.X(reference)), ("y2", frame.Bottom));
        }

        for (var i = 0; i < Rows.Count; i++)
        {
            var y = Head + ((i + 0.5) * RowHeight);
            using (svg.In("text", ("class", "n"), ("x", frame.Left - 8), ("y", y + 4), ("text-anchor", "end")))
            {
                svg.Element("title", Rows[i].Name);
                svg.Text(Frame.Cut(Rows[i].Name, MaxNameWidth));
            }

            foreach (var mark in Rows[i].Marks)
            {
                DrawMark(svg, frame, mark, y);
            }
        }

        DrawKeys(svg, frame.Left);
    }

    private void DrawKeys(MarkupWriter svg, double left)
    {
        for (var i = 0; Keys.Count > 1 && i < Keys.Count; i++)
        {
            DrawShape(svg, Keys[i], left + 6, 12, left - 2);
            svg.Element("text", Keys[i].Name, ("x", left + 18), ("y", 16));
            left += Frame.WidthOf(Keys[i].Name) + 42;
        }
    }

    private void DrawMark(MarkupWriter svg, Frame frame, Mark mark, double y)
    {
        var key = Keys[mark.Key];
        if (double.IsFinite(mark.Low) && double.IsFinite(mark.High) && mark.High > mark.Low)
        {
            svg.Empty("line", ("style", $"stroke:var(--h{key.Style});stroke-width:1.5"), ("x1", frame.X(mark.Low)), ("y1", y), ("x2", frame.X(mark.High)), ("y2", y));
        }

        foreach (var value in mark.Values.Where(v => double.IsFinite(v) && !(frame.XScale.IsLog && v <= 0)))
        {
            DrawShape(svg, key, frame.X(value), y, frame.X(Math.Max(0, frame.XScale.Low)));
        }
    }

    private static void DrawShape(MarkupWriter svg, MarkKey key, double x, double y, double origin)
    {
        var fill = $"f{key.Style}";
        switch (key.Shape)
        {
            case MarkShape.Circle:
                svg.Empty("circle", ("class", fill), ("cx", x), ("cy", y), ("r", 4.5));
                break;
            case MarkShape.Square:
                svg.Empty("rect", ("class", fill), ("x", x - 4), ("y", y - 4), ("width", 8), ("height", 8));
                break;
            case MarkShape.Triangle:
                svg.Empty("path", ("class", fill), ("d", Path(x, y, (0, -5.5), (5.5, 4.5), (-5.5, 4.5))));
                break;
            case MarkShape.Diamond:
                svg.Empty("path", ("class", fill), ("d", Path(x, y, (0, -6), (5.5, 0), (0, 6), (-5.5, 0))));
                break;
            case MarkShape.Bar:
                svg.Empty("rect", ("class", fill), ("x", Math.Min(origin, x)), ("y", y - 6), ("width", Math.Max(Math.Abs(x - origin), 1)), ("height", 12));
                break;
            case MarkShape.Stroke:
                svg.Empty("rect", ("class", fill), ("x", x - 1.5), ("y", y - 9), ("width", 3), ("height", 18));
                break;
            case MarkShape.Dot:
                svg.Empty("circle", ("class", fill), ("cx", x), ("cy", y), ("r", 3), ("fill-opacity", "0.45"));
                break;
        }
    }

    private static string Path(double x, double y, params ReadOnlySpan<(double X, double Y)> corners)
    {
        var path = "";
        foreach (var corner in corners)
        {
            path += $"{(path.Length == 0 ? 'M' : 'L')}{MarkupWriter.Coordinate(x + corner.X)} {MarkupWriter.Coordinate(y + corner.Y)}";
        }

        return path + "Z";
    }
}

/// <summary>What marks of a kind mean.</summary>
/// <param name="Name">In words.</param>
/// <param name="Shape">How they look.</param>
/// <param name="Style">Which of the palette's styles, from 0.</param>
internal sealed record MarkKey(string Name, MarkShape Shape, int Style);

/// <summary>How a mark looks.</summary>
internal enum MarkShape
{
    /// <summary>●.</summary>
    Circle,

    /// <summary>■.</summary>
    Square,

    /// <summary>▲.</summary>
    Triangle,

    /// <summary>◆.</summary>
    Diamond,

    /// <summary>From the axis's origin to the value.</summary>
    Bar,

    /// <summary>An upright stroke: what is due.</summary>
    Stroke,

    /// <summary>One of so many that they lie over each other.</summary>
    Dot,
}

/// <summary>A row.</summary>
/// <param name="Name">At the left.</param>
/// <param name="Marks">In it; the last lie on top.</param>
internal sealed record Row(string Name, IReadOnlyList<Mark> Marks);

/// <summary>Marks of a kind in a row.</summary>
/// <param name="Key">Which kind, by its place among the keys.</param>
/// <param name="Values">Where they are.</param>
internal sealed record Mark(int Key, IReadOnlyList<double> Values)
{
    /// <summary>The interval that is drawn; none when it is no number.</summary>
    public double Low { get; init; } = double.NaN;

    /// <inheritdoc cref="Low"/>
    public double High { get; init; } = double.NaN;

    /// <summary>A mean and its interval.</summary>
    public static Mark Of(int key, Results.Estimate? estimate) => estimate is { } known
        ? new Mark(key, [known.Mean])
        {
            Low = known.HalfWidth is null ? double.NaN : known.Low,
            High = known.HalfWidth is null ? double.NaN : known.High
        }
        : new Mark(key, []);
}
