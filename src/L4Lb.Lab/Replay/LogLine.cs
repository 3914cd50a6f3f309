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

    /// <summary>What <see cref="Plain"/> made, as people know it: <c>namespace/name:port</c>. Names that are no such stay as they are.</summary>
    public static string Shown(string plain)
    {
        var (dot, colon) = (plain.IndexOf('.'), plain.IndexOf(':'));
        if (dot <= 0 || colon < dot || plain.Contains('/'))
        {
            return plain;
        }

        // A port without a name is known by its number and protocol.
        var port = plain.AsSpan(colon + 1);
        var dash = port.IndexOf('-');
        var protocol = dash > 0 && !port[..dash].ContainsAnyExceptInRange('0', '9') ? port[(dash + 1)..] : "";
        return protocol is "tcp" or "udp"
            ? $"{plain.AsSpan(0, dot)}/{plain.AsSpan(dot + 1, colon - dot)}{port[..dash]}/{protocol}"
            : $"{plain.AsSpan(0, dot)}/{plain.AsSpan(dot + 1)}";
    }

    /// <summary>What is asked for, as <see cref="Plain"/> has it: without a namespace it is <c>default</c>, as in other commands.</summary>
    internal static string Asked(string wanted)
    {
        // The port may have a slash, too.
        var name = wanted.AsSpan(0, wanted.IndexOf(':') is var colon and >= 0 ? colon : wanted.Length);
        return Plain(name.ContainsAny('/', '.') ? wanted : $"default/{wanted}");
    }

    private static string Replace(string name, int slash) =>
        $"{name.AsSpan(0, slash)}.{name[(slash + 1)..].Replace('/', '-')}";
}
