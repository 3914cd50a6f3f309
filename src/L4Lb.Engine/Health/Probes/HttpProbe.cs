using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>
/// A backend that answers an HTTP/1.1 GET with one of the expected statuses is well. Only the status line is read
/// (RFC 9112 §4): a page may be as long as it likes.
/// </summary>
internal sealed class HttpProbe(ProbeSpec spec) : IProbe
{
    /// <summary>Longest status line, in bytes; the reason phrase is for people.</summary>
    private const int MostLine = 1024;

    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        using var connection = new ProbeConnection();
        var problem = await connection.OpenAsync(target, deadline)
            ?? await connection.SendAsync(Request(target), CheckCode.L7RSP, deadline);
        if (problem is not null)
        {
            return problem.Value;
        }

        var (line, unread) = await connection.ReadLineAsync(MostLine, deadline);
        return unread ?? Judge(line);
    }

    private byte[] Request(ProbeTarget target) => Encoding.UTF8.GetBytes(
        $"GET {spec.Path} HTTP/1.1\r\nHost: {spec.Host ?? target.Address.ToString()}\r\nUser-Agent: l4lb\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    /// <summary>What a status line means. Pure.</summary>
    internal ProbeResult Judge(string line)
    {
        if (line.Length == 0)
        {
            return ProbeResult.Failed(CheckCode.L7RSP, "closed without an answer");
        }

        if (!TryReadStatus(line, out var status))
        {
            return ProbeResult.Failed(CheckCode.L7RSP, "not an HTTP/1 answer");
        }

        foreach (var range in spec.Statuses)
        {
            if (range.Contains(status))
            {
                return ProbeResult.Passed(CheckCode.L7OK, $"{status}");
            }
        }

        return ProbeResult.Failed(CheckCode.L7STS, $"{status}");
    }

    private static bool TryReadStatus(string line, out int status)
    {
        status = 0;
        return line is ['H', 'T', 'T', 'P', '/', '1', '.', >= '0' and <= '9', ' ', var a, var b, var c, ..]
            && char.IsAsciiDigit(a) && char.IsAsciiDigit(b) && char.IsAsciiDigit(c)
            && (line.Length == 12 || line[12] == ' ')
            && int.TryParse(line.AsSpan(9, 3), out status);
    }
}
