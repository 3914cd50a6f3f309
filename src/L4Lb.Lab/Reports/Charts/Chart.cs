namespace L4Lb.Lab.Reports.Charts;

/// <summary>A picture of figures, as SVG that needs nothing else. Immutable; the same figures give the same text.</summary>
internal abstract record Chart
{
    /// <summary>Its name as a file, without the ending.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows, as its heading.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be seen in it, for those who do not see it.</summary>
    public required string Description { get; init; }

    /// <summary>Pixels from left to right.</summary>
    public double Width { get; init; } = 760;

    /// <summary>Pixels from top to bottom.</summary>
    public abstract double Height { get; }

    /// <summary>The figures that it shows, for those who want to know them.</summary>
    public required ChartTable Table { get; init; }

    /// <summary>Draws it into a page that has the palette's style sheet.</summary>
    /// <param name="svg">The page.</param>
    /// <param name="id">Of the element, once in a page.</param>
    public void Write(MarkupWriter svg, string id) => Write(svg, id, styleSheet: null);

    /// <summary>A file of its own.</summary>
    public string ToFile()
    {
        var svg = new MarkupWriter();
        Write(svg, "chart", Palette.Variables + Palette.Classes);
        return svg + "\n";
    }

    /// <summary>Draws what is in it.</summary>
    protected abstract void Draw(MarkupWriter svg);

    private void Write(MarkupWriter svg, string id, string? styleSheet)
    {
        using (svg.In(
            "svg", ("xmlns", styleSheet is null ? null : "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {MarkupWriter.Coordinate(Width)} {MarkupWriter.Coordinate(Height)}"),
            ("width", styleSheet is null ? null : Width), ("height", styleSheet is null ? null : Height),
            ("role", "img"), ("aria-labelledby", $"{id}-t {id}-d")))
        {
            svg.Element("title", Title, ("id", $"{id}-t"));
            svg.Element("desc", Description, ("id", $"{id}-d"));
            if (styleSheet is not null)
            {
                svg.Element("style", styleSheet);
                svg.Empty("rect", ("width", Width), ("height", Height), ("style", "fill:var(--ground)"));
            }

            Draw(svg);
        }
    }
}

/// <summary>Figures in rows and columns.</summary>
/// <param name="Columns">Headings; the first is that of the rows' names.</param>
/// <param name="Rows">Each with a cell for each column.</param>
internal sealed record ChartTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The class of each row in a page's style sheet; empty when all are alike.</summary>
    public IReadOnlyList<string?> RowClasses { get; init; } = [];
}
