using System.Globalization;
using System.Net;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A run of dnsperf: many clients that ask real questions as fast as they are answered.</summary>
internal sealed class DnsPerf : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    private DnsPerf(IEnumerable<string> wrapper, IPEndPoint at, Load load, IEnumerable<string> asked)
    {
        var questions = _folder.Write("questions", string.Concat(asked.Select(static line => $"{line}\n")));
        _process = ChildProcess.Start(
        [
            .. wrapper, "dnsperf", "-s", $"{at.Address}", "-p", $"{at.Port}", "-d", questions, "-c", $"{load.Clients}", "-q", $"{load.Outstanding}",
            "-l", $"{load.Seconds}", "-t", $"{load.Timeout}", "-S", "1", "-W",
        ]);
    }

    /// <summary>What it is to do.</summary>
    /// <param name="Clients">Source ports.</param>
    /// <param name="Outstanding">Most questions without an answer at a time, of all clients together.</param>
    /// <param name="Seconds">How long it asks.</param>
    /// <param name="Timeout">Seconds after which a question is lost.</param>
    public sealed record Load(int Clients, int Outstanding, int Seconds, int Timeout);

    /// <summary>What came of it.</summary>
    /// <param name="Sent">Questions.</param>
    /// <param name="Completed">Questions that were answered in time.</param>
    /// <param name="Lost">Questions that were not.</param>
    /// <param name="NoError">Answers with the response code NOERROR.</param>
    /// <param name="Printed">All that it printed.</param>
    public sealed record Report(int Sent, int Completed, int Lost, int NoError, string Printed);

    /// <summary>Begins to ask for the host that a <see cref="DnsServer"/> knows, or for <paramref name="questions"/>: name and type each.</summary>
    public static DnsPerf Start(IEnumerable<string> wrapper, IPEndPoint at, Load load, params string[] questions)
    {
        Requirements.Program("dnsperf");
        return new DnsPerf(wrapper, at, load, questions.Length > 0 ? questions : [$"{DnsServer.HostName} A", $"{DnsServer.HostName} AAAA"]);
    }

    /// <summary>Waits until it has asked for a second: its second line of so many questions per second (the first is at the start).</summary>
    public Task RunningAsync() => Eventually.HoldsAsync("dnsperf has asked for a second", () =>
    {
        Assert.False(_process.HasExited, $"dnsperf ended:\n{_process.Printed}");
        return _process.Output.Count(line => line.Length > 0 && char.IsAsciiDigit(line[0])) >= 2;
    });

    /// <summary>Waits for its end.</summary>
    public async Task<Report> ReportAsync()
    {
        Assert.True(await _process.WaitForExitAsync() == 0, _process.Printed);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', _process.Output.Where(line => line.Contains("Queries ", StringComparison.Ordinal))));
        return new Report(Number("Queries sent:"), Number("Queries completed:"), Number("Queries lost:"), Number("Response codes:"), _process.Printed);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The first number of a line.</summary>
    private int Number(string label)
    {
        var line = _process.Output.FirstOrDefault(l => l.TrimStart().StartsWith(label, StringComparison.Ordinal));
        Assert.True(line is not null, $"\"{label}\" is not in:\n{_process.Printed}");
        var words = line[(line.IndexOf(label, StringComparison.Ordinal) + label.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Select(w => int.TryParse(w, CultureInfo.InvariantCulture, out var n) ? n : (int?)null).FirstOrDefault(n => n is not null) ?? 0;
    }
}
