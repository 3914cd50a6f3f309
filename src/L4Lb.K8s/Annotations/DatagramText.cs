using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>What a UDP flow is, in words: <c>requests=1,responses=1</c>, <c>per-datagram</c>.</summary>
public static class DatagramText
{
    private static readonly ValueReader<int> s_count = Values.Number(0, int.MaxValue);
    private static readonly ValueReader<int> s_bytes = Values.Number(1, DatagramSpec.MaxDatagramBytes);
    private static readonly ValueReader<bool> s_switch = Values.OneOf(("on", true), ("off", false));

    private static readonly ValueReader<FlowsFull> s_whenFull = Values.OneOf(("shed", FlowsFull.Shed), ("refuse", FlowsFull.Refuse));

    private static readonly ValueReader<ProxyHeaderOn> s_proxyHeader =
        Values.OneOf(("first", ProxyHeaderOn.First), ("each", ProxyHeaderOn.Each));

    /// <summary>Reads the rules of a UDP port.</summary>
    /// <param name="text">Words and parameters, comma separated.</param>
    /// <param name="datagrams">The rules; what nothing is said about is the default.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(string text, out DatagramSpec datagrams)
    {
        var parameters = new ParameterReader(EscapedText.Split(text, ','));
        var isPerDatagram = parameters.Has("per-datagram");
        var requests = parameters.Read("requests", s_count);
        var responses = parameters.Read("responses", s_count);
        var resend = parameters.Read("resend", s_switch);
        var whenFull = parameters.Read("when-full", s_whenFull);
        var maxBytes = parameters.Read("max-bytes", s_bytes, DatagramSpec.Default.MaxBytes);
        var header = parameters.Read("proxy-header", s_proxyHeader);
        datagrams = new()
        {
            Mode = isPerDatagram ? DatagramMode.Datagram : DatagramMode.Flow,
            Requests = requests ?? 0,
            Responses = responses,
            Resend = resend ?? DatagramSpec.Default.Resend,
            WhenFull = whenFull ?? DatagramSpec.Default.WhenFull,
            MaxBytes = maxBytes,
            ProxyHeader = header ?? DatagramSpec.Default.ProxyHeader,
        };
        foreach (var (word, isGiven) in (ReadOnlySpan<(string, bool)>)
        [
            ("requests=", requests is not null),
            ("responses=", responses is not null),
            ("resend=", resend is not null),
            ("when-full=", whenFull is not null),
            ("proxy-header=", header is not null),
        ])
        {
            if (isPerDatagram && isGiven)
            {
                parameters.Refuse($"{word} is about flows, and with per-datagram there are none: leave out one of them");
            }
        }

        return parameters.End();
    }
}
