using System.Buffers;
using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Logging;
using L4Lb.Host.Tests.Client;
using L4Lb.Lab.Replay;
using L4Lb.Lab.Results;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Lab;

/// <summary>Live runs take the machine, and would make others wait.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TrafficCollection
{
    public const string Name = "traffic";
}

[Collection(TrafficCollection.Name)]
public sealed class TrafficCommandTests : IDisposable
{
    private const int Sessions = 120;

    private readonly TemporaryFolder _folder = new();

    private string Small => _folder.Write("small.yaml", """
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: small}
        spec:
          duration: 500ms
          warmUp: 100ms
          schedulers: [rr, lc]
          balancers: {count: 2}
          backends:
          - name: web
            count: 3
            work: {distribution: exponential, mean: 10ms}
          arrivals: {load: 0.4}
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Live_and_simulated_come_into_one_report()
    {
        var (code, output, error) = await LabProcess.RunAsync(_folder.Path, null, "lab", "live", Small, "--and-simulate", "--seeds", "2");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\nThat is simulated; live it was:\n", output);
        Assert.Contains("\nNote    spec.balancers: there is one balancer, which knows all backends\n", output);
        Assert.Contains("\nReport  small.live.html\n", output);
        var result = ResultFile.Read("r", File.ReadAllText(_folder.File("small.live.result.json"))).Found!;
        Assert.Equal(
            [("rr", LabMode.Live), ("lc", LabMode.Live), ("rr", LabMode.Simulated), ("lc", LabMode.Simulated)],
            result.Schedulers.Select(static s => (s.Scheduler, s.Mode)));
        Assert.All(result.Schedulers, static s => Assert.Equal([1UL, 2], s.Runs.Select(static r => r.Seed)));
        Assert.Contains("Simulated and live", File.ReadAllText(_folder.File("small.live.html")));
        Assert.Contains("the error of emulated service times", File.ReadAllText(_folder.File("small.live.html")));
    }

    [Fact]
    public async Task A_live_result_and_a_simulated_one_are_joined_when_they_are_about_the_same()
    {
        var (live, simulated, other) = (_folder.File("live.json"), _folder.File("sim.json"), _folder.File("other.json"));
        Assert.Equal(0, (await RunAsync("lab", "live", Small, "--scheduler", "rr", "-o", live, "--report", _folder.File("a.html"))).Code);
        Assert.Equal(0, (await RunAsync("lab", "simulate", Small, "-o", simulated, "--report", _folder.File("b.html"))).Code);
        Assert.Equal(0, (await RunAsync("lab", "simulate", Small, "--load", "0.9", "-o", other, "--report", _folder.File("c.html"))).Code);

        var (code, output, _) = await RunAsync("lab", "report", live, simulated, "--format", "markdown");
        Assert.Equal(0, code);
        Assert.Contains("Simulated and live", output);
        var (refused, _, error) = await RunAsync("lab", "report", live, other);
        Assert.Equal((1, $"l4lb: {other} is about another rate or load than {live}: make a report of each\n"), (refused, error));
    }

    [Theory]
    [InlineData("--rate 9000", 1, "would be up to 9,000 requests a second, and one machine offers 8,000: try --rate 8000, a smaller --load, or --time-scale 1.2")]
    [InlineData("--target 192.0.2.1:80", 1, "192.0.2.1:80 is not on this machine: load goes only where whoever runs this says --i-own-this-target")]
    [InlineData("--target 127.0.0.1:80", 1, "another balancer must know where the backends are: --backend-port PORT, which is the first one's on 127.0.0.1")]
    public async Task What_cannot_be_run_is_refused_before_anything_is_opened(string options, int expected, string problem)
    {
        var (code, output, error) = await RunAsync(["lab", "live", Small, .. options.Split(' ')]);
        Assert.Equal((expected, "", $"l4lb: small: {problem}\n"), (code, output, error));
    }

    [Fact]
    public async Task A_live_run_is_interrupted_and_keeps_what_is_finished()
    {
        var (code, output, error) = await LabProcess.RunAsync(
            _folder.Path, process => _ = InterruptAsync(process), "lab", "live", Small, "--seeds", "1000");

        Assert.Equal(1, code);
        Assert.Matches(@"l4lb: (stopped: \d+ of 2000 runs are finished, and in result and report|small: stopped before a run was finished; nothing is written)\n$", error);
        Assert.True(output.Length == 0 || ResultFile.Read("r", File.ReadAllText(_folder.File("small.live.result.json"))).Found is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_of_this_program_is_replayed(bool isTcpLog)
    {
        var log = _folder.Write("access.log", Log(isTcpLog));
        var (code, output, error) = await LabProcess.RunAsync(_folder.Path, null, "lab", "replay", log, "--scheduler", "rr", "--scheduler", "lc");

        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"\n1=? +(recorded|rr|lc) ", output);
        Assert.Contains("\nNote    Each session takes as long as it took", output);
        var result = ResultFile.Read("r", File.ReadAllText(_folder.File("replay-default.web-http.result.json"))).Found!;
        Assert.Equal(["recorded", "rr", "lc"], result.Schedulers.Select(static s => s.Scheduler));
        Assert.All(result.Schedulers, static s => Assert.Equal((LabMode.Replayed, Sessions), (s.Mode, s.Runs[0].Completed)));

        // Three of four went to the first of two.
        Assert.Equal([0.75, 0.25], result.Schedulers[0].Runs[0].Backends.Select(static b => b.Share));
        Assert.Equal([0.5, 0.5], result.Schedulers[1].Runs[0].Backends.Select(static b => b.Share));
        Assert.Contains("recorded", File.ReadAllText(_folder.File("replay-default.web-http.html")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_of_a_session_is_what_is_read(bool isTcpLog)
    {
        var session = Record(3) with { QueuePosition = 2, QueueTime = TimeSpan.FromMilliseconds(7), ConnectTime = TimeSpan.FromMilliseconds(9), Attempts = 2 };
        var line = Encoding.UTF8.GetString(Lines(isTcpLog, [session]));
        var read = Assert.Single(AccessLogReader.Read("a", new MemoryStream(Encoding.UTF8.GetBytes(line))).Sessions);

        Assert.Equal((session.Accepted.Ticks, session.Client, session.Backend), (read.AcceptedTicks, read.Client, read.Backend));
        Assert.Equal((0.007, 0.009, 0.02, 2, "default.web:http"), (read.Queued, Math.Round(read.Connect!.Value, 9), read.Total, read.Attempts, read.Service));
    }

    [Fact]
    public async Task Manifests_say_what_was_asked_of_the_service()
    {
        var manifest = _folder.Write("web.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations: {l4lb.io/scheduler: "p2c,choices=3"}
            spec:
              clusterIP: 10.96.0.10
              sessionAffinity: ClientIP
              ports: [{name: http, port: 80}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, {addresses: [10.0.0.3]}]
            """);
        var (result, report) = (_folder.File("r.json"), _folder.File("r.html"));
        var (code, _, error) = await RunAsync("lab", "replay", _folder.Write("access.log", Log(false)), "-f", manifest, "-o", result, "--report", report);

        Assert.Equal((0, ""), (code, error));
        var read = ResultFile.Read("r", File.ReadAllText(result)).Found!;
        Assert.Equal(["recorded", "p2c,choices=3", "rr", "random", "lc", "p2c", "maglev"], read.Schedulers.Select(static s => s.Scheduler));
        var rr = read.Schedulers[2].Runs[0];
        Assert.Equal(["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"], rr.Backends.Select(static b => b.Name));
        Assert.Equal(rr.Stickiness!.Returns, rr.Stickiness.Kept);
        var (unknown, _, problem) = await RunAsync("lab", "replay", _folder.Write("b.log", Log(false).Replace("default/web", "default/other")), "-f", manifest);
        Assert.Equal((1, "l4lb: the manifests have no service port default/other:http; they have default/web:http\n"), (unknown, problem));
    }

    [Fact]
    public async Task What_is_wrong_with_a_log_has_its_file_and_line()
    {
        var log = _folder.Write("access.log", $"{Log(false)}hello\n{Log(false)}");
        Assert.Equal((1, "", $"{log}:{Sessions + 1}: is no line of an access log, or was cut off\n"), await RunAsync("lab", "replay", log));
        Assert.Equal((3, "", $"l4lb: {_folder.File("none")}: no such file\n"), await RunAsync("lab", "replay", _folder.File("none")));
        Assert.Equal((3, "", $"l4lb: {_folder.Path}: is a folder: name a file in it\n"), await RunAsync("lab", "replay", _folder.Path));
    }

    [Theory]
    [InlineData("web", 0)]
    [InlineData("default/web", 0)]
    [InlineData("other", 1)]
    public async Task A_service_without_a_namespace_is_in_default(string service, int expected)
    {
        var log = _folder.Write("access.log", Log(false) + Log(true).Replace("default.web:http", "shop.web:http"));
        string[] command = ["lab", "replay", log, "--scheduler", "rr", "-o", _folder.File("r.json"), "--report", _folder.File("r.html"), "--service", service];
        var (code, _, error) = await RunAsync(command);

        var problem = $"l4lb: {log}: has no session of default/other; it has default/web:http ({Sessions}), shop/web:http ({Sessions})\n";
        Assert.Equal((expected, expected == 0 ? "" : problem), (code, error));
        if (expected == 0)
        {
            var scenario = ResultFile.Read("r", File.ReadAllText(_folder.File("r.json"))).Found!.Scenario;
            Assert.Contains($" {Sessions} sessions of default/web:http in ", scenario.Description);
        }
    }

    private static async Task InterruptAsync(System.Diagnostics.Process process)
    {
        // The program takes SIGINT over before it opens the first socket; earlier it would end without a word.
        await Eventually.HoldsAsync("it runs", () => process.TotalProcessorTime > TimeSpan.FromSeconds(2));
        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static string Log(bool isTcpLog) => Encoding.UTF8.GetString(Lines(isTcpLog, Enumerable.Range(0, Sessions).Select(Record)));

    private static byte[] Lines(bool isTcpLog, IEnumerable<SessionRecord> sessions)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new JsonAccessLines();
        IAccessLines lines = isTcpLog ? new TcpLogLines() : json;
        foreach (var session in sessions)
        {
            lines.Write(output, in session, weight: 1);
        }

        return output.WrittenSpan.ToArray();
    }

    private static SessionRecord Record(int number) => new()
    {
        Id = number,
        Accepted = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddMilliseconds(number * 10),
        Service = new ServiceKey("default", "web", "http"),
        Client = AddressKey.From(IPAddress.Parse($"192.0.2.{number % 20}"), 40000 + number),
        Listen = AddressKey.From(IPAddress.Parse("10.96.0.10"), 80),
        Backend = AddressKey.From(IPAddress.Parse(number % 4 == 0 ? "10.0.0.2" : "10.0.0.1"), 8080),
        Attempts = 1,
        ConnectTime = TimeSpan.FromMilliseconds(1),
        TotalTime = TimeSpan.FromMilliseconds(20),
        Reason = CloseReason.Completed,
    };

    private static Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => CommandRig.RunAsync(null, arguments);
}
