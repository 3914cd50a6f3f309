namespace L4Lb.Host.Client.Get;

/// <summary>
/// Writes rows below each other as kubectl does: to the left, three spaces between columns, nothing cut off. Widths only grow, so
/// that rows which come later still fit below the headings where they can.
/// </summary>
internal sealed class TableWriter(TextWriter output, IReadOnlyList<string> headings)
{
    private const int Gap = 3;

    private readonly int[] _widths = [.. headings.Select(static h => h.Length)];
    private bool _hasHeadings;

    /// <summary>Writes rows; the headings before the first of them.</summary>
    public void Write(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach (var row in rows)
        {
            for (var i = 0; i < _widths.Length; i++)
            {
                _widths[i] = Math.Max(_widths[i], row[i].Length);
            }
        }

        if (!_hasHeadings)
        {
            _hasHeadings = true;
            WriteLine(headings);
        }

        foreach (var row in rows)
        {
            WriteLine(row);
        }
    }

    private void WriteLine(IReadOnlyList<string> cells) =>
        output.WriteLine(string.Concat(cells.Select((cell, i) => i == cells.Count - 1 ? cell : cell.PadRight(_widths[i] + Gap))));
}
