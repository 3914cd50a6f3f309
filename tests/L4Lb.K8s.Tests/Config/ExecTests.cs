using System.Text.Json.Nodes;
using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

public sealed class ExecTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string Token = $$$"""echo '{"apiVersion":"{{{V1}}}","kind":"ExecCredential","status":{"token":"abc"}}'""";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_plugin_is_run_from_the_folder_of_the_kubeconfig_with_each_argument_as_it_is()
    {
        _folder.Script("bin/plugin", $"printf '%s|' \"$@\" \"$GREETING\" \"$#\" > {_folder.Path}/seen\n{Token}");
        var answer = await AskAsync("./bin/plugin", "args: ['a b', '$HOME', ''], env: [{name: GREETING, value: 'hello world'}]");
        Assert.Equal(new ApiCredential("Bearer abc"), answer);
        Assert.Equal("a b|$HOME||hello world|3|", File.ReadAllText(Path.Combine(_folder.Path, "seen")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plugin_is_told_about_the_cluster_when_it_wants_to_know(bool wants)
    {
        _folder.Write("ca.crt", "authority");
        var script = _folder.Script("plugin", $"printf '%s' \"$KUBERNETES_EXEC_INFO\" > {_folder.Path}/seen\n{Token}");
        await AskAsync(
            script,
            $"provideClusterInfo: {(wants ? "true" : "false")}",
            """
            server: 'https://[fd00::1]:6443/k8s/', certificate-authority: ca.crt, tls-server-name: kube, proxy-url: "http://p:1",
             extensions: [{name: other, extension: {x: 1}}, {name: client.authentication.k8s.io/exec, extension: {a: b, c: [1, true, null, 1.5]}}]
            """);
        var seen = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "seen")))!;
        var cluster = wants
            ? """
              "cluster":{"server":"https://[fd00::1]:6443/k8s","tls-server-name":"kube","certificate-authority-data":"YXV0aG9yaXR5",
              "proxy-url":"http://p:1","config":{"a":"b","c":[1,true,null,1.5]}},
              """
            : "";
        var expected = $$"""{"kind":"ExecCredential","apiVersion":"{{V1}}","spec":{ {{cluster}} "interactive":false} }""";
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), seen.ToJsonString());
    }

    [Fact]
    public async Task A_plugin_can_answer_with_a_certificate_and_in_the_older_version()
    {
        var script = _folder.Script("plugin", """
            echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential",
              "status":{"clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":"2030-01-01T00:00:00Z"}}'
            """);
        var credentials = Read($"apiVersion: client.authentication.k8s.io/v1beta1, command: {script}");
        Assert.Equal(new ApiCredential(null, "C", "K"), await credentials.GetAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("echo hello secret", "is no JSON object")]
    [InlineData("echo '[]'", "is no JSON object")]
    [InlineData("true", "is no JSON object")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential"}'""", "is no ExecCredential of client.authentication.k8s.io/v1, as apiVersion says")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"Status"}'""", "is no ExecCredential of client.authentication.k8s.io/v1, as apiVersion says")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}'""", "has no status")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":""}}'""", "has neither a token nor a certificate")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"secret"}}'""", "has a certificate or a key, but not both")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"secret","expirationTimestamp":"soon"}}'""", "has an expirationTimestamp that is no time")]
    public async Task An_answer_that_is_none_is_refused_without_being_quoted(string script, string message)
    {
        var path = _folder.Script("plugin", script);
        Assert.Equal($"{Where}: what {path} answered {message}", await RefusedAsync(path));
    }

    [Fact]
    public async Task A_plugin_that_fails_is_quoted()
    {
        var path = _folder.Script("plugin", "echo 'log in' >&2; echo '  first' >&2; exit 3");
        Assert.Equal($"{Where}: {path} failed with exit code 3: log in first", await RefusedAsync(path));
        path = _folder.Script("plugin", "yes complaint | head -c 1000000 >&2; exit 1");
        Assert.InRange((await RefusedAsync(path)).Length, 500, 800);
    }

    [Fact]
    public async Task Who_does_not_have_the_program_is_told_how_to_get_it()
    {
        Assert.Equal(
            $"{Where}: there is no program no-such-plugin; Install it with brew.",
            await RefusedAsync("no-such-plugin", "installHint: ' Install it with brew. '"));
        Assert.Equal($"{Where}: there is no program {_folder.Path}/plugin", await RefusedAsync("./plugin"));

        // A file that nobody may run, and a folder, are none.
        _folder.Write("plugin", "");
        Assert.Equal($"{Where}: there is no program {_folder.Path}/plugin", await RefusedAsync("./plugin"));
        Assert.Equal($"{Where}: there is no program {_folder.Path}", await RefusedAsync(_folder.Path));
    }

    [Fact]
    public async Task A_name_alone_is_looked_for_in_PATH()
    {
        var error = await RefusedAsync("'false'");
        Assert.Equal($"{Where}: false failed with exit code 1", error);
    }

    [Fact]
    public async Task A_program_that_the_kernel_cannot_run_is_an_error()
    {
        var path = _folder.Script("plugin", "");
        File.WriteAllText(path, "#!/no/such/shell\n");
        Assert.StartsWith($"{Where}: {path} cannot be run: ", await RefusedAsync(path));
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        var path = _folder.Script("plugin", "yes");
        Assert.Equal($"{Where}: {path} answered more than 1,048,576 bytes", await RefusedAsync(path));
    }

    [Fact]
    public async Task A_plugin_that_takes_too_long_is_ended_with_what_it_started()
    {
        var time = new ManualTime();
        var pids = Path.Combine(_folder.Path, "pids");
        var path = _folder.Script("plugin", $"sleep 1000 & echo $$ $! > {pids}.new; mv {pids}.new {pids}; echo still here >&2; wait");
        var run = RefusedAsync(path, time: time);
        await Eventually.HoldsAsync(() => File.Exists(pids), () => "the plugin has not begun");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith($"{Where}: {path} took longer than 60 s", await run);
        foreach (var pid in File.ReadAllText(pids).Split(' '))
        {
            await Eventually.HoldsAsync(() => !IsRunning(int.Parse(pid)), () => $"{pid} goes on");
        }
    }

    [Fact]
    public async Task A_plugin_reads_nothing()
    {
        var path = _folder.Script("plugin", $"cat\n{Token}");
        Assert.Equal("Bearer abc", (await AskAsync(path)).Authorization);
    }

    public void Dispose() => _folder.Dispose();

    private string Where => $"{_folder.Path}/k: user u: exec: command";

    // One that has ended and that nobody has asked about is still there, as a zombie.
    private static bool IsRunning(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<ApiCredential> AskAsync(string command, string exec = "", string cluster = "server: https://h", TimeProvider? time = null) =>
        await Read($"apiVersion: {V1}, interactiveMode: IfAvailable, command: {command}, {exec}", cluster, time)
            .GetAsync(TestContext.Current.CancellationToken);

    private async Task<string> RefusedAsync(string command, string exec = "", TimeProvider? time = null) =>
        (await Assert.ThrowsAsync<KubernetesConnectionException>(() => AskAsync(command, exec, time: time))).Message;

    private IApiCredentials Read(string exec, string cluster = "server: https://h", TimeProvider? time = null)
    {
        var file = _folder.Write("k", $$"""
            clusters: [{name: c, cluster: { {{cluster}} } }]
            users: [{name: u, user: {exec: { {{exec}} } } }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            """);
        return KubeConfigConnection.Make(KubeConfig.Load([file]), "x", time ?? TimeProvider.System).Credentials;
    }
}
