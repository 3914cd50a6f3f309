using System.Net;

namespace L4Lb.SystemTests.Support;

/// <summary>Debian's dig, which takes an answer only from the very address that it asked, and says so when one came from elsewhere.</summary>
internal static class Dig
{
    /// <summary>Asks once, without a second try; returns what was printed.</summary>
    /// <param name="wrapper">Where it runs: a namespace's, or nothing.</param>
    /// <param name="at">Whom it asks.</param>
    /// <param name="name">The name of TXT records.</param>
    /// <param name="tcp">By TCP, or by UDP and not by TCP when the answer is cut short.</param>
    /// <param name="options">More options.</param>
    public static async Task<string> AskAsync(
        IEnumerable<string> wrapper, IPEndPoint at, string name, bool tcp, params IEnumerable<string> options)
    {
        var family = at.Address.ToString().Contains(':', StringComparison.Ordinal) ? "-6" : "-4";
        string[] command =
        [
            .. wrapper, "dig", family, $"@{at.Address}", "-p", $"{at.Port}", tcp ? "+tcp" : "+notcp", "+ignore", "+tries=1", "+time=5", .. options,
            name, "TXT",
        ];
        var (code, printed, errors) = await ChildProcess.RunAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: exit code {code}\n{printed}\n{errors}");
        Assert.DoesNotContain("unexpected source", printed, StringComparison.Ordinal);
        Assert.Contains("status: NOERROR", printed, StringComparison.Ordinal);
        Assert.Contains($"SERVER: {at.Address}#{at.Port}", printed, StringComparison.Ordinal);
        return printed;
    }
}
