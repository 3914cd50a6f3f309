namespace L4Lb.K8s.Reading;

/// <summary>Finds the documents of a file that have the same text as at the last load.</summary>
internal static class DocumentMatcher
{
    /// <summary>For each of <paramref name="spans"/> a document of <paramref name="previous"/> with the same text, or null.</summary>
    /// <remarks>
    /// An edit leaves most of a file as it was before and behind it, and to compare two texts costs a tenth of hashing
    /// one: so equal beginnings and ends are set aside first, and only what is between them is looked up.
    /// </remarks>
    public static PlacedDocument?[] Match(string text, List<DocumentSpan> spans, IReadOnlyList<PlacedDocument> previous)
    {
        var found = new PlacedDocument?[spans.Count];
        bool IsSame(int index, PlacedDocument document) =>
            text.AsSpan(spans[index].Start, spans[index].Length).SequenceEqual(document.Parsed.Text);

        var shorter = Math.Min(spans.Count, previous.Count);
        var front = 0;
        for (; front < shorter && IsSame(front, previous[front]); front++)
        {
            found[front] = previous[front];
        }

        var back = 0;
        for (; back < shorter - front && IsSame(spans.Count - 1 - back, previous[previous.Count - 1 - back]); back++)
        {
            found[^(back + 1)] = previous[previous.Count - 1 - back];
        }

        MatchMiddle(text, spans, previous, front, back, found);
        return found;
    }

    private static void MatchMiddle(
        string text, List<DocumentSpan> spans, IReadOnlyList<PlacedDocument> previous, int front, int back,
        PlacedDocument?[] found)
    {
        var byText = new Dictionary<string, PlacedDocument>(StringComparer.Ordinal);
        for (var i = front; i < previous.Count - back; i++)
        {
            byText[previous[i].Parsed.Text] = previous[i];
        }

        var lookup = byText.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = front; i < spans.Count - back; i++)
        {
            lookup.TryGetValue(text.AsSpan(spans[i].Start, spans[i].Length), out found[i]);
        }
    }
}
