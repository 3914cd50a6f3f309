using L4Lb.Engine.Desired;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Tests.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    private const string Least = """
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata:
          name: least
        spec:
          schedulers: [rr]
          backends:
          - work: 10ms
          arrivals: {load: 0.5}
        """;

    [Fact]
    public void LittleHasToBeSaid()
    {
        var scenario = Sim.Read(Least);

        Assert.Equal("least", scenario.Name);
        Assert.Equal(TimeSpan.FromSeconds(30), scenario.Duration);
        Assert.Equal(TimeSpan.FromSeconds(3), scenario.WarmUp);
        Assert.Equal([1UL, 2UL, 3UL], scenario.Seeds);
        Assert.Equal(50, scenario.OfferedRate, 9);
        Assert.Equal(new DeterministicTime(0.01), scenario.Backends[0].Work);
        Assert.Equal(OutlierSpec.Default, scenario.Service.Health.Outlier);
        Assert.Equal(Least, scenario.Source);
    }

    [Fact]
    public void RulesAreThoseOfAService()
    {
        var rules = Sim.Read(Least + """

              service:
                sessionAffinity: ClientIP
                sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
                annotations:
                  l4lb.io/health-check: tcp,interval=1s,rise=3
                  l4lb.io/connect-attempts: "2"
                  l4lb.io/affinity-first-pick: hash
                  l4lb.io/backend-max-sessions: "7"
            """).Service;

        Assert.Equal(TimeSpan.FromMinutes(1), rules.Affinity!.Timeout);
        Assert.Equal(AffinityFirstPick.ConsistentHash, rules.Affinity.FirstPick);
        Assert.Equal((3, TimeSpan.FromSeconds(1)), (rules.Health.Probe!.Rise, rules.Health.Probe.Interval));
        Assert.Equal(2, rules.Timeouts.ConnectAttempts);
        Assert.Equal(7, rules.Limits.BackendMaxSessions);
    }

    [Fact]
    public void EveryErrorIsSaidWithItsPlace()
    {
        const string Text = """
            apiVersion: l4lb.io/v1
            kind: Scenario
            metadata:
              nam: wrong
            spec:
              duration: fast
              warmup: 1s
              seeds: [1, 1]
              schedulers:
              - p2d
              - p2c,choises=3
              - rr
              - rr
              - 5
              backends:
              - name: web
                count: -1
                work: {distribution: exponental, mean: 10ms}
              - name: web
                work: {distribution: pareto, shape: 0.5}
              - work: {distribution: bimodal, short: 1ms, long: 10ms}
                workers: many
              - text
              arrivals: {kind: burst, load: 0.5}
              faults:
              - {kind: slow, at: 1s, group: wbe}
              - {kind: flap, group: web, every: 1s, down: 2s}
              - {kind: explode, group: web}
              clients: {zipf: 1}
              balancers: {counts: 3}
              service:
                sessionAffinity: ClientAddress
                annotations:
                  l4lb.io/health-check: ftp
                  l4lb.io/connect-attempts: 3
                  l4lb.io/scheduler: rr
            extra: 1
            """;
        var reading = ScenarioReader.Read("bad.yaml", Text);

        Assert.Null(reading.Scenario);
        var said = string.Join('\n', reading.Diagnostics);
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.Equal(Golden.ReplaceLineEndings("\n"), said);
    }

    [Fact]
    public void Bare_words_that_YAML_takes_for_others_are_explained() => Assert.Equal(
        [
            "x.yaml:9: spec.arrivals.true: unknown field; if it is on, put that in quotes: without it is true to YAML",
            "x.yaml:9: spec.arrivals.false: unknown field; if it is off, put that in quotes: without it is false to YAML",
        ],
        ScenarioReader.Read("x.yaml", Least.Replace("{load: 0.5}", "{kind: bursts, load: 0.5, on: 1s, off: 4s}")).Diagnostics.Select(static d => $"{d}"));

    [Theory]
    [InlineData("arrivals: {kind: poisson}", "spec.arrivals.rate: expected either rate (requests per second) or load (a part of what the backends can do)")]
    [InlineData("arrivals: {load: much}", "spec.arrivals.load: expected a number from 0.001 to 10")]
    public void A_number_of_requests_without_a_pace_is_refused(string arrivals, string reason)
    {
        var reading = ScenarioReader.Read("x.yaml", Least.Replace("arrivals: {load: 0.5}", arrivals) + "\n  requests: 1000");

        Assert.Null(reading.Scenario);
        Assert.Equal($"x.yaml:9: {reason}", $"{Assert.Single(reading.Diagnostics)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("- 1")]
    [InlineData("a: [")]
    [InlineData("apiVersion: l4lb.io/v1alpha1\nkind: Scenario")]
    [InlineData("{\"kind\": 5}")]
    public void WhatIsNoScenarioIsRefused(string text)
    {
        var reading = ScenarioReader.Read("x", text);

        Assert.Null(reading.Scenario);
        Assert.NotEmpty(reading.Diagnostics);
    }

    [Theory]
    [InlineData("# web\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: [{port: 80}]\n---\nkind: EndpointSlice\n---\nkind: Service\n", "x:1: this is no scenario: its kinds are Service and EndpointSlice")]
    [InlineData("---\na: 1\n---\nb: 2\n", "x:1: this is no scenario")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: [{port: 80}]\n", "x:2: kind: this is no scenario: its kind is Service")]
    [InlineData("text", "x:1: this is no scenario")]
    public void What_is_something_else_is_told_as_that(string text, string problem) => Assert.Equal(
        $"{problem}; a scenario begins with apiVersion: l4lb.io/v1alpha1 and kind: Scenario", $"{Assert.Single(ScenarioReader.Read("x", text).Diagnostics)}");

    [Fact]
    public void A_scenario_is_one_document()
    {
        const string One = "a scenario is one document, and another one begins here: put each into a file of its own";
        Assert.Equal($"x:10: {One}", $"{Assert.Single(ScenarioReader.Read("x", $"{Least}\n---\n{Least}").Diagnostics)}");
        Assert.Equal($"x:3: {One}", $"{Assert.Single(ScenarioReader.Read("x", $"kind: Service\n\n---\n{Least}").Diagnostics)}");

        // What is no YAML is that first, wherever it stands.
        Assert.StartsWith("x:1: not valid YAML: ", $"{Assert.Single(ScenarioReader.Read("x", $"a: [}}\n---\n{Least}").Diagnostics)}");
        Assert.NotNull(ScenarioReader.Read("x", $"# mine\n---\n{Least}\n").Scenario);
    }

    /// <summary>Whatever is broken in a scenario, reading it ends with a scenario or with reasons.</summary>
    [Fact]
    public void NothingThrows()
    {
        var dice = new Dice(42, Purpose.Faults);
        var texts = ShippedScenarios.All.Select(static shipped => shipped.Text).ToArray();
        for (var i = 0; i < 4000; i++)
        {
            var text = texts[dice.Next(texts.Length)].ToList();
            for (var changes = dice.Next(8) + 1; changes > 0 && text.Count > 0; changes--)
            {
                var at = dice.Next(text.Count);
                var length = Math.Min(dice.Next(20), text.Count - at);
                switch (dice.Next(4))
                {
                    case 0:
                        text.RemoveRange(at, length);
                        break;
                    case 1:
                        text.InsertRange(at, text.GetRange(at, length));
                        break;
                    case 2:
                        text[at] = "{}[]:,-#\n 09azé\0&*!|>'\"%@`"[dice.Next(26)];
                        break;
                    default:
                        text.InsertRange(at, s_oddities[dice.Next(s_oddities.Length)]);
                        break;
                }
            }

            var reading = ScenarioReader.Read("fuzz", new string([.. text]));
            Assert.True(reading.Scenario is not null || reading.Diagnostics.Count > 0);
        }
    }

    private static readonly string[] s_oddities = ["-1", "1e999", "null", "99999999999999999999", "[[", "? :", "0s"];

    private const string Golden = """
        bad.yaml:1: apiVersion: expected l4lb.io/v1alpha1
        bad.yaml:4: metadata: required: the scenario's name, as metadata.name
        bad.yaml:4: metadata.nam: unknown field; did you mean name?
        bad.yaml:6: spec.duration: expected a duration from 1ms to 744h, such as 250ms or 1m30s
        bad.yaml:7: spec.warmup: unknown field; did you mean warmUp?
        bad.yaml:8: spec.seeds[1]: expected whole numbers, each once
        bad.yaml:10: spec.schedulers[0]: unknown scheduler "p2d"; did you mean p2c?
        bad.yaml:11: spec.schedulers[1]: scheduler "p2c" has no parameter "choises"; it takes choices
        bad.yaml:13: spec.schedulers[3]: is there twice
        bad.yaml:14: spec.schedulers[4]: expected a scheduler's name, and its parameters after commas
        bad.yaml:17: spec.backends[0].count: expected a whole number from 0 to 100000
        bad.yaml:18: spec.backends[0].work.distribution: unknown: "exponental"; did you mean exponential?
        bad.yaml:19: spec.backends[1].name: there is another group "web"
        bad.yaml:20: spec.backends[1].work.mean: required: a duration such as 10ms
        bad.yaml:20: spec.backends[1].work.shape: expected a number from 1.01 to 100
        bad.yaml:21: spec.backends[2].name: required: the group's name
        bad.yaml:21: spec.backends[2].work.longPart: required: the part that is long, from 0 to 1
        bad.yaml:22: spec.backends[2].workers: expected a whole number from 1 to 100000
        bad.yaml:23: spec.backends[3]: expected fields below it
        bad.yaml:24: spec.arrivals.kind: unknown: "burst"; did you mean bursts?
        bad.yaml:26: spec.faults[0].group: there is no group "wbe"; did you mean web?
        bad.yaml:27: spec.faults[1].down: is not shorter than every: it would never be up
        bad.yaml:28: spec.faults[2].kind: unknown: "explode"; expected add, crash, flap, pause, remove, rolling-update, slow
        bad.yaml:29: spec.clients.count: required: how many clients there are
        bad.yaml:30: spec.balancers.counts: unknown field; did you mean count?
        bad.yaml:32: spec.service.sessionAffinity: unknown: "ClientAddress"; expected ClientIP, None
        bad.yaml:34: spec.service.annotations[l4lb.io/health-check]: Invalid value: "ftp": expected none, tcp, http:/path, tls, udp:SEND/EXPECT or exec:PROGRAM ARGUMENT…; then parameters, such as interval=2s
        bad.yaml:35: spec.service.annotations[l4lb.io/connect-attempts]: expected text: put it in quotes
        bad.yaml:36: spec.service.annotations[l4lb.io/scheduler]: schedulers are compared: name them in spec.schedulers
        bad.yaml:37: extra: unknown field; expected apiVersion, kind, metadata, spec
        """;
}
