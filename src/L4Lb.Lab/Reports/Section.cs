using L4Lb.Lab.Reports.Charts;

namespace L4Lb.Lab.Reports;

/// <summary>A part of a report, whatever it is written as.</summary>
/// <param name="Id">For links, once in a report.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">What it has, in order.</param>
internal sealed record Section(string Id, string Title, IReadOnlyList<Block> Blocks);

/// <summary>A part of a section.</summary>
internal abstract record Block
{
    /// <summary>Whether a reader who is short of time does well without it.</summary>
    public bool IsDetail { get; init; }
}

/// <summary>A paragraph.</summary>
/// <param name="Text">Without markup.</param>
internal sealed record Prose(string Text) : Block;

/// <summary>A chart, with the table of its figures.</summary>
/// <param name="Chart">The chart.</param>
internal sealed record Figure(Chart Chart) : Block;

/// <summary>A table.</summary>
/// <param name="Caption">What it has; empty when the heading says it.</param>
/// <param name="Data">Its cells.</param>
/// <param name="TextColumns">Columns of words, from 0; the others are figures.</param>
internal sealed record Table(string Caption, ChartTable Data, params int[] TextColumns) : Block;

/// <summary>A text that somebody typed, as it is.</summary>
/// <param name="Text">The text.</param>
/// <param name="Language">In what.</param>
internal sealed record Source(string Text, string Language) : Block;
