namespace L4Lb.Host.Cli.Values;

/// <summary>One word out of a few, each with its meaning.</summary>
internal static class WordText
{
    /// <summary>A reader of the words of <paramref name="meanings"/>.</summary>
    public static Func<string, T> Reader<T>(params (string Word, T Meaning)[] meanings) => text =>
    {
        foreach (var (word, meaning) in meanings)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }
        }

        throw new FormatException($"must be one of {string.Join(", ", meanings.Select(m => m.Word))}");
    };
}
