using System.Diagnostics;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dr", "drain")]
    [InlineData("get serv", "service services")]
    [InlineData("get services -o ", "table wide json yaml")]
    [InlineData("get services --outp", "--output")]
    [InlineData("top --sort e", "errors")]
    [InlineData("run --announce ", "none l2 bgp")]
    [InlineData("completion ", "bash zsh fish")]
    [InlineData("run --filename ", "")]
    [InlineData("lab s", "scenarios simulate")]
    [InlineData("lab simulate power", "power-of-two")]
    [InlineData("lab scenarios her", "herd")]
    [InlineData("lab scenarios --s", "--schema")]
    [InlineData("lab live her", "herd")]
    [InlineData("lab live --and", "--and-simulate")]
    [InlineData("lab rep", "replay report")]
    [InlineData("lab report --format ", "html markdown csv json")]
    [InlineData("lab compare --fail", "--fail-on-regression")]
    public async Task Words_are_those_of_the_commands(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', await CompleteAsync(line.Split(' '))));

    [Fact]
    public async Task Names_are_those_of_the_instance()
    {
        await using var rig = await AdminRig.StartAsync();
        var backend = rig.Own(LoopbackBackend.Echo());
        await rig.ApplyAsync(AdminRig.Service("web", backend), AdminRig.Service("mail", backend));
        string[] admin = ["--admin", rig.Address.GetLeftPart(UriPartial.Authority)];

        await HasAsync(["shop/mail", "shop/web"], "drain", [.. admin, ""]);
        await HasAsync(["shop/web"], "get", ["sessions", .. admin, "--service", "shop/w"]);
        await HasAsync([$"{backend.EndPoint}"], "drain", [.. admin, "shop/web", "127."]);
        await HasAsync(["shop"], "get", ["svc", .. admin, "-n", ""]);
        await HasAsync(["mail", "web"], "get", ["svc", .. admin, ""]);

        // A shell waits for a moment only, which a busy machine does not always keep to; and then the next Tab has them.
        static Task HasAsync(string[] names, string command, string[] rest) => Eventually.HoldsAsync(
            $"{command} {string.Join(' ', rest)} has {string.Join(' ', names)}",
            async () => Enumerable.SequenceEqual(names, await CompleteAsync(command, rest)));
    }

    [Fact]
    public async Task Without_an_instance_there_are_none_and_nobody_waits()
    {
        var started = Stopwatch.GetTimestamp();

        Assert.Empty(await CompleteAsync("drain", "--admin", $"127.0.0.1:{Loopback.FreePort()}", ""));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    /// <summary>A real bash completes a line by the script; the program is a function that keeps what it was asked.</summary>
    [Theory]
    [InlineData("l4lb drain shop/web 127.0.0.1:8", "127.0.0.1:80 127.0.0.1:81", "80 81", "complete -- drain shop/web 127.0.0.1:8")]
    [InlineData("l4lb get ", "services", "services", "complete -- get ")]
    [InlineData("l4lb dr", "drain", "drain", "complete -- dr")]
    public async Task Bash_completes(string line, string answer, string expected, string asked)
    {
        var (_, script, _) = await CommandRig.RunAsync(null, ["completion", "bash"]);
        var test = _folder.Write("test.bash", $$"""
            l4lb() { local IFS=' '; printf '%s' "$*" > {{_folder.File("asked")}}; printf '%s\n' {{answer}}; }
            {{script}}
            COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
            COMP_LINE='{{line}}'
            COMP_POINT=${#COMP_LINE}
            _l4lb
            echo "${COMPREPLY[*]}"
            complete -p l4lb
            """);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", test]) { RedirectStandardOutput = true, UseShellExecute = false })!;

        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal($"{expected}\ncomplete -o default -F _l4lb l4lb\n", output);
        Assert.Equal(asked, File.ReadAllText(_folder.File("asked")));
    }

    private static Task<string[]> CompleteAsync(string first, params string[] words) => CompleteAsync([first, .. words]);

    private static async Task<string[]> CompleteAsync(string[] words)
    {
        var (code, output, error) = await CommandRig.RunAsync(null, ["complete", "--", .. words]);
        Assert.Equal((0, ""), (code, error));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
