namespace L4Lb.K8s.Annotations;

/// <summary>Finds what somebody meant who wrote something else.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest insertions, deletions and replacements away; null when none is near.</summary>
    public static string? Of(string text, IEnumerable<string> candidates)
    {
        // Beyond a third of the letters it is another word, and a guess would mislead.
        var nearest = candidates.Select(c => (Name: c, Distance: Distance(text, c))).MinBy(static c => c.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, text.Length / 3) ? nearest.Name : null;
    }

    /// <summary>How many letters have to be changed, added or left out (Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
