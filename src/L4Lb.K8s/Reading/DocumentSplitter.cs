namespace L4Lb.K8s.Reading;

/// <summary>A document's place in its file's text.</summary>
/// <param name="Start">Index of its first character; that of the <c>---</c> before it, when there is one.</param>
/// <param name="Length">Number of characters.</param>
internal readonly record struct DocumentSpan(int Start, int Length);

/// <summary>
/// Finds the documents of a text without parsing it, which is what makes a reload cheap. A line that begins with
/// <c>---</c> starts a document and one that begins with <c>...</c> ends one, wherever they stand: YAML allows
/// neither at the start of a line inside a document, not even in a block of text.
/// </summary>
internal static class DocumentSplitter
{
    /// <summary>The documents of <paramref name="text"/>, in order. Together they are the whole text.</summary>
    public static List<DocumentSpan> Split(ReadOnlySpan<char> text)
    {
        var documents = new List<DocumentSpan>();
        var start = 0;
        for (var at = NextMarker(text, 0); at < text.Length; at = NextMarker(text, at + 3))
        {
            var end = text[at] == '-' ? at : EndOfLine(text, at);
            if (text[at] == '-' && IsPrologue(text[start..at]))
            {
                continue;
            }

            documents.Add(new(start, end - start));
            start = end;
        }

        if (start < text.Length)
        {
            documents.Add(new(start, text.Length - start));
        }

        return documents;
    }

    private static int NextMarker(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; ; at++)
        {
            if (at > 0)
            {
                // A marker is looked for with its line end, since dashes alone are common.
                var dashes = IndexOf(text, "\n---", at - 1);
                var dots = text[(at - 1)..Math.Min(text.Length, dashes)].IndexOf("\n...");
                at = dots >= 0 ? at - 1 + dots + 1 : dashes + 1;
            }

            if (at >= text.Length)
            {
                return text.Length;
            }

            if (text[at..] is ['-', '-', '-', ..] or ['.', '.', '.', ..]
                && (at + 3 == text.Length || text[at + 3] is ' ' or '\t' or '\r' or '\n'))
            {
                return at;
            }
        }
    }

    private static int IndexOf(ReadOnlySpan<char> text, string value, int from) =>
        text[from..].IndexOf(value) is var at and >= 0 ? from + at : text.Length;

    private static int EndOfLine(ReadOnlySpan<char> text, int at) => Math.Min(text.Length, IndexOf(text, "\n", at) + 1);

    // Comments, blank lines and directives (%YAML) before the first --- belong to the document that it starts.
    private static bool IsPrologue(ReadOnlySpan<char> text)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (line is not (['%' or '#', ..] or []) && line.TrimStart() is not ([] or ['#', ..]))
            {
                return false;
            }
        }

        return true;
    }
}
