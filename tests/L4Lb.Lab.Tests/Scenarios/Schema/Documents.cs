using System.Text.Json.Nodes;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Scenarios.Schema;

/// <summary>Scenarios to hold to the schema and the reader.</summary>
internal static class Documents
{
    /// <summary>Every field that there is, in one of these at least, with a value that is good; the first has nearly all.</summary>
    internal static IReadOnlyList<JsonObject> Examples { get; } =
    [
        Everything(),
        Example("{kind: poisson, rate: 5}", "requests: 1000"),
        Example("{kind: even, load: 0.5}", "duration: 1m30s"),
        Example("{kind: bursts, load: 0.5, peak: 2, \"on\": 2s, \"off\": 5s, regular: true}"),
        Example("{kind: bursts, rate: 5}"),
        Example("{kind: diurnal, rate: 5, period: 10s, amplitude: 0.5}"),
        Example("{kind: diurnal, load: 0.5}"),
        Example("{kind: closed, users: 5, think: 20ms}"),
        Example("{kind: log, log: access.log, service: default/web:http}", "requests: 20"),
        Example("{kind: log, log: access.log, rate: 10}"),
        Example("{kind: log, log: access.log, load: 0.5}"),
        Example("{load: 0.5}", "service: {annotations: {l4lb.io/backend-max-sessions: \"10\"}}"),
    ];

    /// <summary>Those and the shipped ones.</summary>
    internal static IReadOnlyList<JsonObject> All { get; } =
        [.. Examples, .. ShippedScenarios.All.Select(static shipped => Parse(shipped.Text))];

    /// <summary>YAML as JSON.</summary>
    internal static JsonObject Parse(string yaml) => Convert(TreeReader.Read(yaml)!)!.AsObject();

    /// <summary>What the reader says of <paramref name="document"/>; any log that it names is there.</summary>
    internal static ScenarioReading Read(JsonNode document) => ScenarioReader.Read("x", document.ToJsonString(), new AnyLog());

    private static JsonObject Example(string arrivals, string other = "duration: 20s") => Parse($$"""
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: example}
        spec:
          schedulers: [rr]
          backends: [{work: 10ms}]
          arrivals: {{arrivals}}
          {{other}}
        """);

    private static JsonObject Everything() => Parse("""
        apiVersion: l4lb.io/v1alpha1
        kind: Scenario
        metadata: {name: example}
        spec:
          description: Everything at once.
          duration: 20s
          warmUp: 1s
          seeds: [1, 7]
          schedulers: [rr, "p2c,choices=3"]
          backends:
          - name: web
            count: 10
            workers: 2
            queue: 100
            weight: 2
            work: {distribution: lognormal, mean: 10ms, sigma: 2}
            connect: 500us
            cache: {entries: 10, missFactor: 2.5}
          - {name: a, count: 1, work: 10ms, connect: {distribution: deterministic, mean: 1ms}}
          - {name: b, work: {distribution: exponential, mean: 10ms}}
          - {name: c, work: {distribution: pareto, mean: 10ms, shape: 2, max: 1s}}
          - {name: d, work: {distribution: bimodal, short: 1ms, long: 10ms, longPart: 0.1}}
          faults:
          - {kind: slow, at: 1s, group: web, first: 1, count: 1, for: 1s, factor: 10}
          - {kind: crash, at: 1s, group: web, first: 1, count: 1, for: 1s, way: hangs}
          - {kind: flap, at: 1s, group: web, first: 1, count: 1, for: 1s, way: refuses, every: 2s, down: 1s}
          - {kind: pause, at: 1s, group: web, first: 1, count: 1, for: 1s, every: 2s, length: 1s, random: true}
          - {kind: rolling-update, at: 1s, group: web, first: 1, count: 1, for: 1s, down: 2s, batch: 2, pause: 1s}
          - {kind: add, at: 0, group: web, first: 1, count: 1, for: 1s, every: 2s}
          - {kind: remove, at: 1s, group: web, first: 1, count: 1, for: 1s, every: 2s}
          clients: {count: 50, zipf: 1, nat: {groups: 2, part: 0.5}}
          arrivals: {kind: poisson, load: 0.5}
          patience: 10s
          answerBytes: 100
          balancers: {count: 2, subset: 5, shareCountsEvery: 100ms}
          service:
            sessionAffinity: ClientIP
            sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
            annotations:
              l4lb.io/affinity-scope: port
              l4lb.io/affinity-ipv4-prefix: "24"
              l4lb.io/affinity-ipv6-prefix: "64"
              l4lb.io/affinity-when-gone: rebalance
              l4lb.io/affinity-first-pick: hash
              l4lb.io/affinity-max-entries: "1000"
              l4lb.io/health-check: tcp,interval=1s
              l4lb.io/outlier-detection: consecutive=3
              l4lb.io/slow-start: 5s
              l4lb.io/when-all-down: refuse
              l4lb.io/when-down: reset
              l4lb.io/connect-attempts: "2"
              l4lb.io/connect-timeout: 1s
              l4lb.io/drain-timeout: 5s
              l4lb.io/max-sessions: "100"
              l4lb.io/backend-thresholds: 10,5
              l4lb.io/queue: 100,timeout=5s
              l4lb.io/source-limits: sessions=50
        """);

    private static JsonNode? Convert(TreeNode node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(static e => KeyValuePair.Create(e.Key, Convert(e.Value)))),
        SequenceNode sequence => new JsonArray([.. sequence.Items.Select(Convert)]),
        ScalarNode { Kind: ScalarKind.String } text => JsonValue.Create(text.Text),
        ScalarNode other => JsonNode.Parse(other.Text),
        _ => throw new InvalidOperationException(),
    };

    private sealed class AnyLog : IArrivalLogs
    {
        private static readonly Trace s_trace = new([0, 1, 2], [1, 1, 1], new AddressKey[3], [0, 1, 2]);

        public ArrivalLog Open(string file, string? service) => new(s_trace, null);
    }
}
