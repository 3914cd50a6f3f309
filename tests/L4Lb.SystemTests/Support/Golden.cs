using System.Text.RegularExpressions;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// Compares what a command printed with a file of this project; L4LB_UPDATE_GOLDEN=1 keeps the new one instead. What is another at
/// each run is left out first: free ports, numbers of sessions, ages and the lengths that follow from them.
/// </summary>
internal static partial class Golden
{
    public static void Check(string actual, string file, params IEnumerable<(string Text, string Name)> names)
    {
        var text = actual;
        foreach (var (value, name) in names)
        {
            text = text.Replace(value, name, StringComparison.Ordinal);
        }

        text = Gap().Replace(Time().Replace(Age().Replace(text, "AGE"), "N"), "   ").Trim() + "\n";
        var path = Path.Combine(RepositoryFolder.Root, "tests/L4Lb.SystemTests", file);
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>Alignment has tests of its own; it depends on how long a port is.</summary>
    [GeneratedRegex(" {3,}")]
    private static partial Regex Gap();

    [GeneratedRegex(@"(?<=idleMs: )\d+|\d+(\.\d+)?(?= ms\b)", RegexOptions.ExplicitCapture)]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<=   |^)\d+(s|m|us|\.\d+ms|ms)(?=$|   )", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Age();
}
