namespace L4Lb.Lab.Reports.Charts;

/// <summary>A rectangle with axes: where values lie on the page, the grid, and the texts at the ticks.</summary>
internal sealed class Frame
{
    /// <summary>How wide a character of 12 pixels is, about; texts are measured by nobody here.</summary>
    public const double CharacterWidth = 6.7;

    private const double TickGap = 6;
    private const double LabelGap = 12;

    private readonly Axis _xAxis;
    private readonly Axis? _yAxis;

    /// <summary>A frame in the given rectangle.</summary>
    public Frame(double left, double top, double right, double bottom, (Axis Axis, Scale Scale) x, (Axis Axis, Scale Scale)? y = null)
    {
        (Left, Top, Right, Bottom) = (left, top, right, bottom);
        (_xAxis, XScale) = x;
        (_yAxis, YScale) = (y?.Axis, y?.Scale);
    }

    /// <summary>The rectangle.</summary>
    public double Left { get; }

    /// <inheritdoc cref="Left"/>
    public double Top { get; }

    /// <inheritdoc cref="Left"/>
    public double Right { get; }

    /// <inheritdoc cref="Left"/>
    public double Bottom { get; }

    /// <summary>What lies where from left to right.</summary>
    public Scale XScale { get; }

    /// <summary>What lies where from bottom to top; null for rows.</summary>
    public Scale? YScale { get; }

    /// <summary>How wide a text is, about.</summary>
    public static double WidthOf(string text) => text.Length * CharacterWidth;

    /// <summary>A text cut to <paramref name="width"/> pixels.</summary>
    public static string Cut(string text, double width)
    {
        var count = (int)(width / CharacterWidth);
        return text.Length <= count ? text : $"{text[..Math.Max(count - 1, 1)]}…";
    }

    /// <summary>Pixels from the left.</summary>
    public double X(double value) => Left + (XScale.Place(value) * (Right - Left));

    /// <summary>Pixels from the top.</summary>
    public double Y(double value) => Bottom - (YScale!.Place(value) * (Bottom - Top));

    /// <summary>Grid, axes, ticks and titles.</summary>
    /// <param name="svg">Where.</param>
    /// <param name="hasXTexts">Whether the ticks below have texts.</param>
    /// <param name="hasYTexts">Whether the ticks at the left have texts.</param>
    /// <param name="isNarrow">Whether texts must not stand out at the sides, since another frame is there.</param>
    public void Draw(MarkupWriter svg, bool hasXTexts = true, bool hasYTexts = true, bool isNarrow = false)
    {
        DrawX(svg, hasXTexts, isNarrow);
        if (YScale is not null)
        {
            DrawY(svg, hasYTexts);
        }

        svg.Empty("line", ("class", "a"), ("x1", Left), ("y1", Bottom), ("x2", Right), ("y2", Bottom));
    }

    private void DrawX(MarkupWriter svg, bool hasTexts, bool isNarrow)
    {
        var labels = _xAxis.Labels(XScale);
        var free = double.MinValue;
        for (var i = 0; i < labels.Count; i++)
        {
            var at = X(XScale.Ticks[i]);
            svg.Empty("line", ("class", "g"), ("x1", at), ("y1", Top), ("x2", at), ("y2", Bottom));
            var half = WidthOf(labels[i]) / 2;
            var middle = isNarrow ? Math.Clamp(at, Left + half - 4, Right - half + 4) : at;
            if (hasTexts && middle - half >= free)
            {
                svg.Element("text", labels[i], ("x", middle), ("y", Bottom + 16), ("text-anchor", "middle"));
                free = middle + half + LabelGap;
            }
        }

        if (hasTexts && _xAxis.Title.Length > 0)
        {
            svg.Element("text", _xAxis.Title, ("x", (Left + Right) / 2), ("y", Bottom + 34), ("text-anchor", "middle"));
        }
    }

    private void DrawY(MarkupWriter svg, bool hasTexts)
    {
        var labels = _yAxis!.Labels(YScale!);
        var free = double.MaxValue;
        for (var i = 0; i < labels.Count; i++)
        {
            var at = Y(YScale!.Ticks[i]);
            svg.Empty("line", ("class", "g"), ("x1", Left), ("y1", at), ("x2", Right), ("y2", at));
            if (hasTexts && at <= free)
            {
                svg.Element("text", labels[i], ("x", Left - TickGap), ("y", at + 4), ("text-anchor", "end"));
                free = at - LabelGap;
            }
        }
    }
}
