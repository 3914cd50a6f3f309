using System.Text;

namespace L4Lb.Host.Running;

/// <summary>
/// What files and folders look like from outside: names, where links lead, lengths and times. Two that are equal
/// were most likely not edited in between.
/// </summary>
internal static class PathFingerprint
{
    private static readonly EnumerationOptions s_everything =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None, MaxRecursionDepth = 32 };

    /// <summary>The fingerprint of <paramref name="paths"/>; what is not there has one as well.</summary>
    public static string Of(IEnumerable<string> paths)
    {
        var text = new StringBuilder();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var files = new DirectoryInfo(path).EnumerateFiles("*", s_everything);
                foreach (var file in files.OrderBy(f => f.FullName, StringComparer.Ordinal))
                {
                    Append(text, file);
                }
            }
            else
            {
                Append(text, new FileInfo(path));
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, FileInfo file)
    {
        try
        {
            // A mounted ConfigMap is links to files below a link that is swapped: only the target tells.
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            text.Append($"{file.FullName}\0{target.FullName}\0");
            text.Append(target.Exists ? $"{target.Length} {target.LastWriteTimeUtc.Ticks}\n" : "absent\n");
        }
        catch (IOException)
        {
            text.Append($"{file.FullName}\0unreadable\n"); // It vanished, or its links run in a circle.
        }
    }
}
