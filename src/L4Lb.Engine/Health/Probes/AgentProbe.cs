using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>Asks a backend's agent and returns the line that it answers, whatever it means, as the words of the result.</summary>
internal sealed class AgentProbe(AgentSpec spec) : IProbe
{
    /// <summary>Longest answer, in bytes.</summary>
    private const int MostLine = 1024;

    /// <summary>Most of it that is kept, in characters.</summary>
    private const int MostWords = 200;

    private readonly byte[] _send = Encoding.Latin1.GetBytes(spec.Send);

    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        using var connection = new ProbeConnection();
        var problem = await connection.OpenAsync(target, deadline)
            ?? await connection.SendAsync(_send, CheckCode.L7RSP, deadline);
        if (problem is not null)
        {
            return problem.Value;
        }

        var (line, unread) = await connection.ReadLineAsync(MostLine, deadline);
        return unread ?? ProbeResult.Passed(CheckCode.L7OK, Printable(line));
    }

    /// <summary>What a stranger says ends up in logs and on terminals.</summary>
    private static string Printable(string line) => string.Create(
        Math.Min(line.Length, MostWords), line, static (text, line) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = line[i] is '\t' ? ' ' : char.IsControl(line[i]) ? '?' : line[i];
            }
        });
}
