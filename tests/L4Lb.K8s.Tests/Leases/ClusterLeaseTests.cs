using System.Diagnostics;
using System.Text.Json.Nodes;
using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Client;
using L4Lb.K8s.Tests.Informers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Leases;

/// <summary>Electors and client against an API server, by the clock on the wall.</summary>
public sealed class ClusterLeaseTests : ClientTest
{
    private static readonly LeaseTerms s_terms = new()
    {
        Duration = TimeSpan.FromSeconds(3),
        RenewDeadline = TimeSpan.FromSeconds(2),
        RetryPeriod = TimeSpan.FromSeconds(0.5),
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<LeaseElector> _electors = [];
    private string _leading = "";
    private int _collisions;

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _electors.ForEach(static e => e.Dispose());
        _stop.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_Lease_is_as_the_server_wants_it_through_a_whole_life()
    {
        Cluster.Put(JsonNode.Parse(
            """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"leader","labels":{"mine":"yes"}}}""")!.AsObject());
        Start("a");
        await LeadsAsync("a");
        await Eventually.HoldsAsync(() => Writes().Count > 3, () => "no renewals");
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        var lease = Cluster.Get(Kind.Lease, "leader")!;
        Assert.Equal("yes", (string?)lease["metadata"]!["labels"]!["mine"]);
        Assert.Equal(("", 1, 1), ((string?)lease["spec"]!["holderIdentity"], (int?)lease["spec"]!["leaseTransitions"], (int?)lease["spec"]!["leaseDurationSeconds"]));
        Assert.All(Writes(), static w => Assert.Equal("PUT", w.Method));
    }

    [Fact]
    public async Task Another_leads_soon_after_the_leader_is_cut_off_and_never_before_that_has_stopped()
    {
        Start("a");
        await LeadsAsync("a");
        Start("b");
        await Eventually.HoldsAsync(() => _electors[1].Status.Holder == "a", () => "b does not know of a");
        var cut = Stopwatch.GetTimestamp();
        Cluster.Spoil(Faults.Hang, static r => r.Headers.GetValueOrDefault("authorization") == "Bearer a", times: 10_000);
        await LeadsAsync("b");
        Assert.InRange(Stopwatch.GetElapsedTime(cut).TotalSeconds, 2, 8);
        Assert.Equal(0, _collisions);
        Assert.Equal(1, (int?)Cluster.Get(Kind.Lease, "leader")!["spec"]!["leaseTransitions"]);
    }

    [Fact]
    public async Task After_a_time_without_a_server_the_leader_is_still_the_same()
    {
        Start("a", static o => o with { LeadsUnconfirmed = true });
        await LeadsAsync("a");
        Start("b");
        await Eventually.HoldsAsync(() => _electors[1].Status.Holder == "a", () => "b does not know of a");
        await Cluster.GoDownAsync();
        await Eventually.EqualsAsync(LeaseStanding.Unconfirmed, () => _electors[0].Status.Standing, "standing");
        await PassAsync(s_terms.Duration);
        Assert.Equal("a", Volatile.Read(ref _leading));
        await Cluster.GoUpAsync();
        await Eventually.EqualsAsync(LeaseStanding.Held, () => _electors[0].Status.Standing, "standing");
        Assert.Equal((0, "a"), ((int?)Cluster.Get(Kind.Lease, "leader")!["spec"]!["leaseTransitions"], Volatile.Read(ref _leading)));
    }

    [Fact]
    public async Task Faults_of_all_kinds_cost_no_leadership()
    {
        Cluster.Spoil(Faults.Answer(ApiError.TooManyRequests(1)));
        Start("a");
        await LeadsAsync("a");
        Cluster.Spoil(Faults.Abort, static r => r.Method == "PUT");
        Cluster.Spoil(Faults.EndMidLine(0), static r => r.Method == "PUT"); // It was done; the answer got lost.
        Cluster.Spoil(Faults.Unauthorized, static r => r.Method == "PUT", 2);
        Cluster.Spoil(Faults.Trickle(50, TimeSpan.FromMilliseconds(1)), static r => r.Method == "PUT");
        Cluster.Spoil(Faults.Answer(ApiError.ServiceUnavailable()), static r => r.Method == "PUT");
        Cluster.Put(JsonNode.Parse(Cluster.Get(Kind.Lease, "leader")!.ToJsonString())!.AsObject()); // Somebody else's write.
        await Eventually.HoldsAsync(() => Writes().Count > 14, () => "too few renewals");
        Assert.Equal((LeaseStanding.Held, "a"), (_electors[0].Status.Standing, Volatile.Read(ref _leading)));
        Assert.Equal(0, _electors[0].Status.Transitions);
    }

    [Fact]
    public async Task Whoever_follows_Leases_anyway_hardly_asks_and_hears_at_once_of_what_is_free()
    {
        using var api = Client(credentials: new UserCredentials { Token = new("b", "token") });
        var leases = new Informer<Lease>(api, Resources.Leases, Default, TimeProvider.System, static () => 0, new ListInformerLog());
        _running.Add(leases.RunAsync(_stop.Token));
        await leases.WaitForSyncAsync(Cancellation);
        var end = new TaskCompletionSource();
        Start("a", lead: end.Task);
        await LeadsAsync("a");
        Start("b", o => o with { Watch = leases });
        await Eventually.HoldsAsync(() => Writes().Count > 10, () => "no renewals");
        var asked = Cluster.Requests.Count(static r => r.Method == "GET" && !r.IsWatch && r.Headers["authorization"] == "Bearer b");
        Assert.InRange(asked, 1, 5);
        var freed = Stopwatch.GetTimestamp();
        end.SetResult();
        await LeadsAsync("b");
        Assert.InRange(Stopwatch.GetElapsedTime(freed).TotalSeconds, 0, 2);
        Assert.Equal(0, _collisions);
    }

    private void Start(string identity, Func<LeaseOptions, LeaseOptions>? with = null, Task? lead = null)
    {
        var options = new LeaseOptions { Name = new("default", "leader"), Identity = identity, Terms = s_terms };
        var api = Client(credentials: new UserCredentials { Token = new(identity, "token") });
        var elector = new LeaseElector(api, with?.Invoke(options) ?? options, TimeProvider.System, Random.Shared.NextDouble);
        _electors.Add(elector);
        _running.Add(elector.RunAsync(lost => LeadAsync(identity, lead ?? Task.Delay(-1, lost), lost), _stop.Token));
    }

    private async Task LeadAsync(string identity, Task end, CancellationToken lost)
    {
        if (Interlocked.CompareExchange(ref _leading, identity, "") != "")
            Interlocked.Increment(ref _collisions);

        try
        {
            await end.WaitAsync(lost);
        }
        finally
        {
            Interlocked.CompareExchange(ref _leading, "", identity);
        }
    }

    private Task LeadsAsync(string identity) => Eventually.EqualsAsync(identity, () => Volatile.Read(ref _leading), "leader");

    private List<RecordedRequest> Writes() => [.. Cluster.Requests.Where(static r => r.Method is "PUT" or "POST")];

    // Time is what is being tried here.
    private static async Task PassAsync(TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(began) > duration, () => "time stands still");
    }
}
