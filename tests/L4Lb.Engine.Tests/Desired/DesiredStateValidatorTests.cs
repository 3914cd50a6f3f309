using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Desired;

public sealed class DesiredStateValidatorTests
{
    private static readonly ServiceSpec s_valid = new()
    {
        Key = new("default", "web", "http"),
        Listens = [new() { Address = EndPoint("127.0.0.1:8080") }],
        Backends = [new() { Address = EndPoint("127.0.0.1:9001") }, new() { Address = EndPoint("[::1]:9001") }],
        Affinity = new(),
    };

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "unknown scheduler", "scheduler", "unknown scheduler \"fastest\"" },
        { "listen twice", "listens[1].address", "127.0.0.1:8080 is there twice" },
        { "listen without policy", "listens[0].scope", "must be one policy" },
        { "listen with two policies", "listens[0].scope", "must be one policy" },
        { "backend twice, mapped", "backends[2].address", "is there twice" },
        { "backend port 0", "backends[0].address", "the port must be 1…65535" },
        { "weight -1", "backends[0].weight", "-1 is not in 0…65535" },
        { "weight 65536", "backends[0].weight", "65536 is not in 0…65535" },
        { "affinity 0 s", "affinity.timeout", "1 s … 86400 s" },
        { "affinity 86401 s", "affinity.timeout", "1 s … 86400 s" },
        { "affinity 0 entries", "affinity.maxEntries", "must be positive" },
        { "0 attempts", "timeouts.connectAttempts", "must be 1…8" },
        { "9 attempts", "timeouts.connectAttempts", "must be 1…8" },
        { "no connect timeouts", "timeouts.connectTimeouts", "must not be empty" },
        { "connect timeout 0", "timeouts.connectTimeouts", "must be positive" },
        { "connect budget 0", "timeouts.connectBudget", "must be positive" },
        { "idle 0", "timeouts.idle", "must be positive" },
        { "half-close 0", "timeouts.halfClose", "must be positive" },
        { "drain -1", "timeouts.drain", "must not be negative" },
        { "max sessions -1", "limits.maxSessions", "must not be negative" },
        { "backend max sessions -1", "limits.backendMaxSessions", "must not be negative" },
    };

    [Fact]
    public void Nothing_asked_is_valid() => Assert.Empty(Validate());

    [Fact]
    public void A_plain_service_is_valid() => Assert.Empty(Validate(s_valid));

    [Fact]
    public void Bounds_are_inclusive() => Assert.Empty(Validate(s_valid with
    {
        Backends = [s_valid.Backends[0] with { Weight = 0 }, s_valid.Backends[1] with { Weight = 65535 }],
        Affinity = new() { Timeout = TimeSpan.FromSeconds(86400), MaxEntries = 1 },
        Timeouts = new() { ConnectAttempts = TimeoutSpec.MaxConnectAttempts, Drain = TimeSpan.Zero },
    }));

    [Fact]
    public void Services_of_other_names_may_share_backends() =>
        Assert.Empty(Validate(s_valid, s_valid with { Key = new("default", "web", "https") }));

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_service_field_and_reason(string mistake, string field, string reason)
    {
        var error = Assert.Single(Validate(With(mistake)));

        Assert.Equal($"default/web:http {field}", error.Path);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_twice_is_told_once()
    {
        var error = Assert.Single(Validate(s_valid, s_valid));

        Assert.Equal("default/web:http: the service is there twice", error.ToString());
    }

    [Fact]
    public void All_mistakes_are_told() => Assert.Equal(
        ["scheduler", "timeouts.idle", "limits.maxSessions"],
        Validate(s_valid with
        {
            Scheduler = new("fastest"),
            Timeouts = new() { Idle = TimeSpan.Zero },
            Limits = new() { MaxSessions = -1 },
        }).Select(error => error.Path["default/web:http ".Length..]));

    private static ServiceSpec With(string mistake)
    {
        var (listen, backend) = (s_valid.Listens[0], s_valid.Backends[0]);
        return mistake switch
        {
            "unknown scheduler" => s_valid with { Scheduler = new("fastest") },
            "listen twice" => s_valid with { Listens = [listen, listen with { Kind = ListenKind.NodePort }] },
            "listen without policy" => s_valid with { Listens = [listen with { Scope = BackendScope.None }] },
            "listen with two policies" => s_valid with
            {
                Listens = [listen with { Scope = BackendScope.Cluster | BackendScope.Local }],
            },
            "backend twice, mapped" => s_valid with
            {
                Backends = [.. s_valid.Backends, new() { Address = EndPoint("[::ffff:127.0.0.1]:9001") }],
            },
            "backend port 0" => s_valid with { Backends = [new() { Address = EndPoint("127.0.0.1:0") }] },
            "weight -1" => s_valid with { Backends = [backend with { Weight = -1 }] },
            "weight 65536" => s_valid with { Backends = [backend with { Weight = 65536 }] },
            "affinity 0 s" => s_valid with { Affinity = new() { Timeout = TimeSpan.Zero } },
            "affinity 86401 s" => s_valid with { Affinity = new() { Timeout = TimeSpan.FromSeconds(86401) } },
            "affinity 0 entries" => s_valid with { Affinity = new() { MaxEntries = 0 } },
            "0 attempts" => s_valid with { Timeouts = new() { ConnectAttempts = 0 } },
            "9 attempts" => s_valid with { Timeouts = new() { ConnectAttempts = 9 } },
            "no connect timeouts" => s_valid with { Timeouts = new() { ConnectTimeouts = [] } },
            "connect timeout 0" => s_valid with { Timeouts = new() { ConnectTimeouts = [TimeSpan.Zero] } },
            "connect budget 0" => s_valid with { Timeouts = new() { ConnectBudget = TimeSpan.Zero } },
            "idle 0" => s_valid with { Timeouts = new() { Idle = TimeSpan.Zero } },
            "half-close 0" => s_valid with { Timeouts = new() { HalfClose = TimeSpan.Zero } },
            "drain -1" => s_valid with { Timeouts = new() { Drain = TimeSpan.FromSeconds(-1) } },
            "max sessions -1" => s_valid with { Limits = new() { MaxSessions = -1 } },
            "backend max sessions -1" => s_valid with { Limits = new() { BackendMaxSessions = -1 } },
            _ => throw new ArgumentOutOfRangeException(nameof(mistake), mistake, "no such mistake"),
        };
    }

    private static IReadOnlyList<ValidationError> Validate(params ServiceSpec[] services) =>
        DesiredStateValidator.Validate(new() { Services = [.. services] }, SchedulerCatalog.Validate);

    private static IPEndPoint EndPoint(string text) => IPEndPoint.Parse(text);
}
