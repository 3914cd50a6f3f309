namespace L4Lb.Lab.Reports.Words;

/// <summary>Enumerations and small numbers, as sentences have them.</summary>
internal static class Lists
{
    private static readonly string[] s_numbers =
    [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    /// <summary><c>a, b and c</c>; of more than <paramref name="most"/> the rest are counted.</summary>
    public static string And(IReadOnlyList<string> names, int most = 6)
    {
        if (names.Count > most)
        {
            return $"{string.Join(", ", names.Take(most - 1))} and {names.Count - most + 1} others";
        }

        return names.Count <= 1 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    /// <summary>A number in letters while it has a short word.</summary>
    public static string Number(int count) => count >= 0 && count < s_numbers.Length ? s_numbers[count] : Figures.Count(count);

    /// <summary><c>one backend in twenty</c>, <c>three of 64 backends</c>.</summary>
    public static string Of(int some, int all) => some > 0 && all > some && all % some == 0 && all / some <= 20
        ? $"one backend in {Number(all / some)}"
        : $"{Number(some)} of {Figures.Count(all)} backends";
}
