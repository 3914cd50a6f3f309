using L4Lb.Lab.Replay;

namespace L4Lb.Host.Lab;

/// <summary>Reads and writes whole files; what cannot be done is said with the file's name.</summary>
internal static class TextFile
{
    // A result of a thousand runs has some hundred megabytes; more is something else, and would not fit into memory.
    private const long MaxBytes = 1L << 30;

    /// <summary>The text of <paramref name="file"/>; null when it could not be read, with the reason printed.</summary>
    public static string? Read(string file, TextWriter problems)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxBytes })
            {
                problems.WriteLine($"l4lb: {file}: is larger than {MaxBytes >> 20} MiB");
                return null;
            }

            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.WriteLine($"l4lb: {file}: {UnreadFile.Why(file, e)}");
            return null;
        }
    }

    /// <summary>
    /// Why <paramref name="file"/> must not be written: it is a folder, or something that the lab did not write. Null when it may
    /// be; a path that is no file, as <c>/dev/stdout</c>, always may.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="marks">What the beginning of each file has that the lab wrote.</param>
    public static string? Refusal(string file, params IReadOnlyList<string> marks)
    {
        try
        {
            if (Directory.Exists(file))
            {
                return $"{file}: {UnreadFile.IsFolder}";
            }

            if (!File.Exists(file) || (File.GetAttributes(file) & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0)
            {
                return null;
            }

            using var reader = new StreamReader(file);
            var head = new char[4096];
            var text = new string(head, 0, reader.ReadBlock(head));
            return text.Length == 0 || marks.Any(mark => text.Contains(mark, StringComparison.Ordinal))
                ? null
                : $"{file}: is there, and l4lb lab did not write it: remove it, or name another file";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file}: {e.Message}";
        }
    }

    /// <summary>Writes a file as a whole or not at all; false when it could not be, with the reason printed.</summary>
    public static bool Write(string file, string text, TextWriter problems)
    {
        // Beside it, so that a rename is enough; whoever reads meanwhile has the old one.
        var part = $"{file}.{Environment.ProcessId}.part";
        try
        {
            if (File.Exists(file) && (File.GetAttributes(file) & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0)
            {
                File.WriteAllText(file, text);
                return true;
            }

            File.WriteAllText(part, text);
            File.Move(part, file, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.WriteLine($"l4lb: {file}: {(e is DirectoryNotFoundException ? "no such folder" : e.Message)}");
            return false;
        }
    }
}
