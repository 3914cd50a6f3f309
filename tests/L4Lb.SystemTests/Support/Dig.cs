using System.Net;
using System.Net.Sockets;

namespace L4Lb.SystemTests.Support;

/// <summary>Debian's dig, which takes an answer only from the very address that it asked, and says so when one came from elsewhere.</summary>
internal static class Dig
{
    /// <summary>
    /// Each has a port of its own, below those that the kernel gives out: dig sets SO_REUSEPORT and asks for any, so that
    /// of many at once two may get the same, and then one of them gets both answers.
    /// </summary>
    private static int s_port = 10_000;

    /// <summary>Asks once, without a second try; returns what was printed.</summary>
    /// <param name="wrapper">Where it runs: a namespace's, or nothing.</param>
    /// <param name="at">Whom it asks.</param>
    /// <param name="name">The name of TXT records.</param>
    /// <param name="tcp">By TCP, or by UDP and not by TCP when the answer is cut short.</param>
    /// <param name="options">More options.</param>
    public static async Task<string> AskAsync(
        IEnumerable<string> wrapper, IPEndPoint at, string name, bool tcp, params IEnumerable<string> options)
    {
        var (family, any) = at.AddressFamily == AddressFamily.InterNetworkV6 ? ("-6", "::") : ("-4", "0.0.0.0");
        string[] command =
        [
            .. wrapper, "dig", family, "-b", $"{any}#{Interlocked.Increment(ref s_port)}", $"@{at.Address}", "-p", $"{at.Port}", tcp ? "+tcp" : "+notcp", "+ignore", "+tries=1", "+time=5", .. options,
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
