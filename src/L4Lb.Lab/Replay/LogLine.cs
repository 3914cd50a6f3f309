namespace L4Lb.Lab.Replay;

/// <summary>A line of an access log in either form.</summary>
internal static class LogLine
{
    /// <summary>A year: no session takes longer that anybody wants to replay.</summary>
    internal const double MillisecondsMost = 366.0 * 24 * 3600 * 1000;

    /// <summary>The session.</summary>
    /// <exception cref="FormatException">The line is none; the message says what is wrong.</exception>
    internal static LoggedSession Read(string line) => line.StartsWith('{') ? JsonLogLine.Read(line) : TcpLogLine.Read(line);
}

/// <summary>Names of service ports as both forms of the log can have them.</summary>
public static class ServiceName
{
    /// <summary><c>namespace/name:port</c> as <c>namespace.name:port</c>, without any other slash: what HAProxy's form has.</summary>
    public static string Plain(string name) => name.Contains('/') ? Replace(name, name.IndexOf('/')) : name;

    private static string Replace(string name, int slash) =>
        $"{name.AsSpan(0, slash)}.{name[(slash + 1)..].Replace('/', '-')}";
}
