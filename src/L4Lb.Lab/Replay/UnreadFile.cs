namespace L4Lb.Lab.Replay;

/// <summary>Why a file could not be read or must not be written, in words.</summary>
public static class UnreadFile
{
    /// <summary>Of a folder the framework says that access is denied, which sends people after permissions.</summary>
    public const string IsFolder = "is a folder: name a file in it";

    /// <summary>Why <paramref name="file"/> could not be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="e">What came of trying.</param>
    public static string Why(string file, Exception e) =>
        IsMissing(e) ? "no such file" : Directory.Exists(file) ? IsFolder : e.Message;

    /// <summary>Whether it is not there.</summary>
    /// <param name="e">What came of trying to read it.</param>
    public static bool IsMissing(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;
}
