using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>Active checks in words: <c>http:/ready,interval=2s,port=8080</c>.</summary>
public static class ProbeText
{
    private const string Kinds = "none, tcp, http:/path, tls, udp:SEND/EXPECT or exec:PROGRAM ARGUMENT…";

    private static readonly ProbeSpec s_tcp = new() { Kind = ProbeKind.Tcp };
    private static readonly ValueReader<TimeSpan> s_interval = Values.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
    private static readonly ValueReader<TimeSpan> s_timeout = Values.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
    private static readonly ValueReader<int> s_count = Values.Number(1, 1000);

    /// <summary>Reads a check.</summary>
    /// <param name="text">The check.</param>
    /// <param name="programs">Folder of the programs that may be run; null when none may.</param>
    /// <param name="probe">The check; null for none.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(string text, string? programs, out ProbeSpec? probe)
    {
        var parts = EscapedText.Split(text, ',');
        var problem = ParseKind(parts[0], programs, out probe);
        if (problem is not null)
        {
            return problem;
        }

        var parameters = new ParameterReader(parts.Skip(1));
        probe = probe is null ? null : ReadParameters(parameters, probe);
        return parameters.End();
    }

    /// <summary>Writes a check so that it can be read back; what is the default is left out.</summary>
    public static string Format(ProbeSpec? probe) => probe is null ? "none" : string.Join(
        ',',
        (IEnumerable<string>)
        [
            probe.Kind switch
            {
                ProbeKind.Http => $"http:{EscapedText.Encode(probe.Path, ",")}",
                ProbeKind.Tls => "tls",
                ProbeKind.Udp => $"udp:{EscapedText.Encode(probe.Send, ",/")}/{EscapedText.Encode(probe.Expect, ",/")}",
                ProbeKind.Exec => $"exec:{string.Join(' ', ProgramText.Words(probe.Command))}",
                _ => "tcp",
            },
            .. Given("interval", probe.Interval, s_tcp.Interval), .. Given("timeout", probe.Timeout, s_tcp.Timeout),
            .. probe.FastInterval is { } fast ? [$"fast-interval={GoDuration.Format(fast)}"] : (IEnumerable<string>)[],
            .. probe.DownInterval is { } down ? [$"down-interval={GoDuration.Format(down)}"] : (IEnumerable<string>)[],
            .. probe.Rise != s_tcp.Rise ? [$"rise={probe.Rise}"] : (IEnumerable<string>)[],
            .. probe.Fall != s_tcp.Fall ? [$"fall={probe.Fall}"] : (IEnumerable<string>)[],
            .. probe.Port is { } port ? [$"port={port}"] : (IEnumerable<string>)[],
            .. probe.Statuses != s_tcp.Statuses ? [$"status={StatusText.Format(probe.Statuses)}"] : (IEnumerable<string>)[],
            .. probe.Host is { } host ? [$"host={EscapedText.Encode(host, ",")}"] : (IEnumerable<string>)[],
        ]);

    private static string? ParseKind(string kind, string? programs, out ProbeSpec? probe)
    {
        probe = null;
        switch (kind)
        {
            case "none":
                return null;
            case "tcp":
                probe = s_tcp;
                return null;
            case "tls":
                probe = new() { Kind = ProbeKind.Tls };
                return null;
            case ['h', 't', 't', 'p', ':', .. var path]:
                var problem = Visible(path, out path);
                probe = new() { Kind = ProbeKind.Http, Path = path };
                return problem ?? (path.StartsWith('/') ? null : "expected a path: http:/path");
            case ['u', 'd', 'p', ':', .. var texts]:
                return ParseDatagrams(texts, out probe);
            case ['e', 'x', 'e', 'c', ':', .. var command]:
                return ProgramText.Parse(command, programs, out probe);
            default:
                return $"expected {Kinds}; then parameters, such as interval=2s";
        }
    }

    private static string? ParseDatagrams(string text, out ProbeSpec? probe)
    {
        probe = null;
        if (EscapedText.Split(text, '/', most: 2) is not [var send, var expect])
        {
            return "expected what to send and what to expect: udp:SEND/EXPECT; both may be empty, and \\/ is a slash in SEND";
        }

        var problem = EscapedText.Decode(send, out send) ?? EscapedText.Decode(expect, out expect);
        probe = new() { Kind = ProbeKind.Udp, Send = send, Expect = expect };
        return problem;
    }

    private static ProbeSpec ReadParameters(ParameterReader parameters, ProbeSpec probe)
    {
        probe = probe with
        {
            Interval = parameters.Read("interval", s_interval, probe.Interval),
            Timeout = parameters.Read("timeout", s_timeout, probe.Timeout),
            FastInterval = parameters.Read("fast-interval", s_interval),
            DownInterval = parameters.Read("down-interval", s_interval),
            Rise = parameters.Read("rise", s_count, probe.Rise),
            Fall = parameters.Read("fall", s_count, probe.Fall),
        };
        if (probe.Kind != ProbeKind.Exec)
        {
            probe = probe with { Port = parameters.Read("port", Values.Number(1, 65535)) };
        }

        return probe.Kind switch
        {
            ProbeKind.Http => probe with
            {
                Statuses = parameters.Read("status", StatusText.Parse, probe.Statuses),
                Host = parameters.Read<string?>("host", Visible!, null),
            },
            ProbeKind.Tls => probe with { Host = parameters.Read<string?>("host", Visible!, null) },
            _ => probe,
        };
    }

    /// <summary>What stands in an HTTP request or a TLS server name has neither spaces nor control characters.</summary>
    private static string? Visible(string text, out string value) =>
        EscapedText.Decode(text, out value)
        ?? (value.Length > 0 && value.All(static c => c is > ' ' and <= '~')
            ? null
            : "expected visible ASCII characters, anything else percent-encoded");

    private static IEnumerable<string> Given(string name, TimeSpan value, TimeSpan standard) =>
        value == standard ? [] : [$"{name}={GoDuration.Format(value)}"];
}
