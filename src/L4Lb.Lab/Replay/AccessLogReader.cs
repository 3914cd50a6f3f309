using System.IO.Compression;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Lab.Replay;

/// <summary>What a log has.</summary>
/// <param name="Sessions">In the order of lines, which is that of their ends.</param>
/// <param name="Diagnostics">Lines that are none, with their numbers; only warnings when the log can be used.</param>
public sealed record LogReading(IReadOnlyList<LoggedSession> Sessions, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The log can be used.</summary>
    public bool IsUsable => Sessions.Count > 0 && Diagnostics.All(static d => d.Severity == Severity.Warning);
}

/// <summary>Reads access logs in both forms that this program writes, also compressed by gzip. Never throws for what a log has.</summary>
public static class AccessLogReader
{
    /// <summary>More are an hour of simulation, and do not fit into the memory of a laptop.</summary>
    public const int SessionsMost = 20_000_000;

    // Beyond these the file is not what it was taken for.
    private const int ErrorsMost = 10;

    // A line is some 400 bytes; one that is longer than that is no line.
    private const int CharactersMost = 64 * 1024;

    /// <summary>Reads all of a log.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="stream">Its bytes, which may be compressed.</param>
    /// <exception cref="IOException">The bytes could not be read.</exception>
    public static LogReading Read(string file, Stream stream)
    {
        using var buffered = new BufferedStream(stream, 1 << 16);
        using var plain = IsCompressed(buffered) ? new GZipStream(buffered, CompressionMode.Decompress) : (Stream)buffered;
        using var reader = new StreamReader(plain);
        var (sessions, errors, number) = (new List<LoggedSession>(), new List<Diagnostic>(), 0);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (errors.Count < ErrorsMost && sessions.Count < SessionsMost && reader.ReadLine() is { } line)
            {
                number++;
                if (Problem(line, sessions, names) is { } problem)
                {
                    // Whoever is killed, or copied while it writes, leaves half a line: the last one.
                    var isLast = reader.Peek() < 0;
                    errors.Add(new Diagnostic(isLast && sessions.Count > 0 ? Severity.Warning : Severity.Error, file, number, "", problem));
                }
            }
        }
        catch (InvalidDataException)
        {
            errors.Add(Cut(file, number, sessions));
        }
        catch (EndOfStreamException)
        {
            errors.Add(Cut(file, number, sessions));
        }

        if (sessions.Count == 0 && errors.Count == 0)
        {
            errors.Add(new Diagnostic(Severity.Error, file, 0, "", "has no line"));
        }
        else if (sessions.Count == SessionsMost)
        {
            errors.Add(new Diagnostic(Severity.Warning, file, number, "", $"what follows is left out: {SessionsMost:N0} sessions are as many as are replayed"));
        }

        return new LogReading(sessions, errors);
    }

    private static Diagnostic Cut(string file, int line, List<LoggedSession> sessions) =>
        new(sessions.Count > 0 ? Severity.Warning : Severity.Error, file, line, "", "what follows cannot be unpacked: the file is damaged, or was cut off");

    private static string? Problem(string line, List<LoggedSession> sessions, Dictionary<string, string> names)
    {
        if (line.Length == 0)
        {
            return null;
        }

        try
        {
            var read = LogLine.Read(line.Length <= CharactersMost ? line : throw new FormatException("is too long for a line of an access log"));
            if (!names.TryGetValue(read.Service, out var name))
            {
                names[read.Service] = name = read.Service;
            }

            // One text for each service rather than for each session.
            sessions.Add(read with { Service = name });
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The two bytes that every gzip file begins with (RFC 1952, 2.3.1).</summary>
    private static bool IsCompressed(BufferedStream stream)
    {
        var (first, second) = (stream.ReadByte(), stream.ReadByte());
        stream.Seek(0, SeekOrigin.Begin);
        return (first, second) == (0x1F, 0x8B);
    }
}
