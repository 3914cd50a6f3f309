using L4Lb.Lab.Replay;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;
using L4Lb.Testing;

namespace L4Lb.Lab.Tests.Scenarios;

/// <summary>Access logs as the arrivals of a scenario.</summary>
public sealed class ArrivalLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_come_when_they_once_did_from_whom_they_did_and_work_is_the_backends()
    {
        // Ten clients in turn, at 10 a second for 10 seconds but for a burst of 50 in the fifth, each of which once took 9 seconds.
        WriteLog("access.log", Enumerable.Range(0, 100).Select(static i => (i * 0.1, i % 10)).Concat(Enumerable.Range(0, 50).Select(static i => (5 + (i * 0.01), i % 10))));
        var scenario = Sim.Read(Text("kind: log, log: access.log"), Logs);
        var run = await Sim.RunOneAsync(scenario with { WarmUp = TimeSpan.Zero });

        Assert.Equal((150, 150), (run.Requests, run.Completed));
        Assert.Equal(9.9 + (9.9 / 150), scenario.MeasuredSeconds, 9);
        Assert.Equal(150 / scenario.MeasuredSeconds, scenario.OfferedRate, 9);
        Assert.Equal(new(140, 140), (run.Stickiness!.Returns, run.Stickiness.Kept));
        Assert.Equal(10, scenario.Trace!.Clients);
        Assert.Equal(61 / scenario.OfferedRate, scenario.Trace.PeakOfMean, 9);

        // Each takes the 1 ms of the scenario, and never waits.
        Assert.InRange(run.Latency.Mean, 999, 1001);
    }

    [Theory]
    [InlineData("rate: 30", 5)]
    [InlineData("load: 0.0015", 1)]
    [InlineData("rate: 15", 10)]
    public async Task At_another_pace_the_same_requests_take_another_time(string pace, double seconds)
    {
        WriteLog("access.log", Enumerable.Range(0, 150).Select(static i => (i / 15.0, i)));
        var scenario = Sim.Read(Text($"kind: log, log: access.log, {pace}"), Logs);
        var run = await Sim.RunOneAsync(scenario with { WarmUp = TimeSpan.Zero });

        Assert.Equal(seconds, scenario.MeasuredSeconds, 6);
        Assert.Equal(150, run.Requests);
    }

    [Fact]
    public async Task A_log_that_is_over_begins_again()
    {
        WriteLog("access.log", [(0, 1), (1, 2), (2, 3)]);
        var process = ArrivalProcess.Create(Sim.Read(Text("kind: log, log: access.log"), Logs).Arrivals, rate: 3 / (8 / 3.0), new Dice(1, Purpose.Arrivals));
        Assert.Equal([0, 1, 2, 8 / 3.0, 11 / 3.0, 14 / 3.0], Enumerable.Range(0, 6).Select(_ => process.Next()), static (a, b) => Math.Abs(a - b) < 1e-9);

        var scenario = Sim.Read(Text("kind: log, log: access.log") + "\n  duration: 40s\n  warmUp: 0s", Logs);
        Assert.Equal(45, (await Sim.RunOneAsync(scenario)).Requests);
    }

    [Fact]
    public void Who_was_turned_away_came_too_and_a_sample_says_so()
    {
        var path = _folder.Write("sample.log", """
            {"time":"2026-01-02T00:00:01Z","client":"10.0.0.1:5000","service":"default/web:http","backend":null,"total_ms":0,"weight":10}
            {"time":"2026-01-02T00:00:00Z","client":"10.0.0.2:5000","service":"default/web:http","backend":"10.1.0.1:80","connect_ms":1,"total_ms":5,"weight":10}
            {"time":"2026-01-02T00:00:0
            """);
        var reading = ScenarioReader.Read("x.yaml", Text($"kind: log, log: {path}"), Logs);

        Assert.Equal(2, reading.Scenario!.Trace!.Count);
        Assert.Equal(
            [
                "x.yaml:12: warning: spec.arrivals.log: line 3 is not JSON, or was cut off",
                "x.yaml:12: warning: spec.arrivals.log: is a sample, whose 2 sessions stand for 20: rate: 13.3 is what there was",
            ],
            reading.Diagnostics.Select(static d => $"{d}"));
    }

    [Theory]
    [InlineData("kind: log", "required: the access log, a path from the scenario's folder")]
    [InlineData("kind: log, log: none.log", "none.log: no such file in FOLDER")]
    [InlineData("kind: log, log: .", ".: is a folder: name a file in it")]
    [InlineData("kind: log, log: access.log, service: default/db:sql", "access.log: has no session of default/db:sql; it has default/web:http (2)")]
    [InlineData("kind: log, log: access.log, service: db", "access.log: has no session of default/db; it has default/web:http (2)")]
    [InlineData("kind: log, log: two.log", "two.log: has several services, of which service names one: default/web:http (1), default/db:sql (1)")]
    [InlineData("kind: log, log: two.log, service: default/web:http", "two.log: has one session of default/web:http, of which there is no rate")]
    [InlineData("kind: log, log: text.log", "text.log:1: is no line of an access log, or was cut off")]
    [InlineData("kind: log, log: access.log, rate: 1, load: 1", "expected either rate (requests per second) or load (a part of what the backends can do)")]
    [InlineData("kind: poisson, log: access.log, rate: 1", "spec.arrivals.log: unknown field")]
    public void What_cannot_be_used_is_refused_with_the_reason(string arrivals, string reason)
    {
        WriteLog("access.log", [(0, 1), (1, 2)]);
        WriteLog("two.log", [(0, 1)]);
        File.AppendAllText(_folder.File("two.log"), File.ReadAllText(_folder.File("two.log")).Replace("default/web:http", "default/db:sql"));
        _folder.Write("text.log", "text\n");
        var reading = ScenarioReader.Read("x.yaml", Text(arrivals), Logs);

        Assert.Null(reading.Scenario);
        Assert.Contains(reason.Replace("FOLDER", Path.GetFullPath(_folder.Path)), string.Join('\n', reading.Diagnostics));
    }

    [Fact]
    public void Clients_and_a_place_are_the_logs()
    {
        WriteLog("access.log", [(0, 1), (1, 1)]);
        var clients = ScenarioReader.Read("x.yaml", Text("kind: log, log: access.log") + "\n  clients: {count: 5}", Logs);
        Assert.Contains("spec.clients: the log says whose requests they are", $"{Assert.Single(clients.Diagnostics)}");
        Assert.Contains("this scenario has none", $"{Assert.Single(ScenarioReader.Read("x", Text("kind: log, log: access.log")).Diagnostics)}");
    }

    private ArrivalLogs Logs => new(_folder.Path);

    private static string Text(string arrivals) => $$"""
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: recorded}
        spec:
          schedulers: [sh]
          seeds: [1]
          backends:
          - name: web
            count: 1
            work: {distribution: deterministic, mean: 1ms}
            workers: 100
          arrivals: {{{arrivals}}}
        """;

    private void WriteLog(string name, IEnumerable<(double Seconds, int Client)> sessions) => _folder.Write(name, string.Join('\n', sessions.Select(static s =>
        $$$"""{"time":"{{{new DateTime(2026, 1, 2).AddSeconds(s.Seconds):yyyy-MM-ddTHH:mm:ss.fffffffZ}}}","client":"10.0.0.{{{s.Client}}}:5000","service":"default/web:http","backend":"10.1.0.1:80","connect_ms":1,"total_ms":9000}""")) + "\n");
}
