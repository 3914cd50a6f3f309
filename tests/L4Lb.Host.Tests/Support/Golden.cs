using L4Lb.Testing;

namespace L4Lb.Host.Tests.Support;

/// <summary>
/// Compares a text with the one kept in a file of this project; L4LB_UPDATE_GOLDEN=1 keeps the new one instead.
/// </summary>
internal static class Golden
{
    public static void Check(string actual, string file)
    {
        var path = Path.Combine(RepositoryFolder.Root, "tests", "L4Lb.Host.Tests", file);
        // The help page pads its lines at the end.
        var text = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
