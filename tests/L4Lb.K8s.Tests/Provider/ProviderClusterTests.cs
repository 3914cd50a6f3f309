using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Provider;
using L4Lb.K8s.Tests.Client;
using L4Lb.K8s.Tests.Informers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>Providers with everything that they are made of, against an API server and what goes wrong with one.</summary>
public sealed class ProviderClusterTests : ClientTest
{
    private readonly List<Running> _running = [];

    [Fact]
    public async Task A_Service_lives_its_life()
    {
        Start("one");
        Cluster.Put(Pool("a", "192.0.2.0/24")).Put(ProviderRig.ServiceDocument("web"));
        await HasAsync("web", "192.0.2.0");
        var created = Cluster.Requests.Where(static r => r is { Method: "PATCH" } && r.Path.Contains("/services/", StringComparison.Ordinal)).Select(static r => r.Path);
        Assert.Equal([$"{Services}/web", $"{Services}/web/status"], created);

        Cluster.Delete(Kind.Service, "web");
        await IsGoneAsync("web");
        await Eventually.HoldsAsync(
            () => Reasons("web") is ["EnsuringLoadBalancer", "EnsuredLoadBalancer", "DeletingLoadBalancer", "DeletedLoadBalancer"],
            () => string.Join(' ', Reasons("web")));
        await Eventually.HoldsAsync(() => (long?)Cluster.Get(Kind.AddressPool, "a")!["status"]?["availableIPv4"] == 256, () => $"{Cluster.Get(Kind.AddressPool, "a")}");
    }

    [Fact]
    public async Task Another_one_goes_on_where_a_leader_ends()
    {
        var first = Start("one");
        Cluster.Put(Pool("a", "192.0.2.0/24"));
        for (var i = 0; i < 5; i++)
        {
            Cluster.Put(ProviderRig.ServiceDocument($"s{i}"));
        }

        await HaveAllAsync(5);
        var second = Start("two");
        await Eventually.HoldsAsync(() => second.Provider.Leader == "one", () => second.Provider.Leader);
        Assert.True(first.Provider.IsLeader);
        Assert.Equal(5, (int)Assert.Single(first.Provider.Usage).AssignedIPv4);
        var before = Addresses(5);

        await first.DisposeAsync();
        Cluster.Delete(Kind.Service, "s0").Put(ProviderRig.ServiceDocument("s5"));
        await HasAsync("s5");
        await IsGoneAsync("s0");
        Assert.Equal(before.Skip(1), Addresses(5).Skip(1));
        Assert.True(second.Provider.IsLeader);
    }

    [Fact]
    public async Task A_server_that_goes_away_finds_everything_as_it_should_be_when_it_is_back()
    {
        Start("one");
        Cluster.Put(Pool("a", "192.0.2.1-192.0.2.3")).Put(ProviderRig.ServiceDocument("stays"));
        await HasAsync("stays", "192.0.2.1");
        Cluster.Put(ProviderRig.ServiceDocument("goes"));
        await HasAsync("goes", "192.0.2.2");

        await Cluster.GoDownAsync();
        Cluster.Delete(Kind.Service, "goes").Put(ProviderRig.ServiceDocument("new"));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        await Cluster.GoUpAsync();
        await HasAsync("new");
        await IsGoneAsync("goes");
        Assert.Equal("192.0.2.1", Addresses("stays"));
    }

    [Fact]
    public async Task Requests_that_fail_are_made_again()
    {
        static bool IsPatch(RecordedRequest request) => request.Method == "PATCH" && request.Path.Contains("/services/", StringComparison.Ordinal);
        Cluster.Put(Pool("a", "192.0.2.0/24"));
        Start("one");
        Cluster.Spoil(Faults.Answer(ApiError.Conflict(new(Kind.Service, "default", "web"))), IsPatch, times: 3);
        Cluster.Put(ProviderRig.ServiceDocument("web"));
        await HasAsync("web", "192.0.2.0");

        Cluster.Spoil(Faults.Abort, IsPatch);
        Cluster.EndWatchesMidLine();
        Cluster.Delete(Kind.Service, "web");
        await IsGoneAsync("web");
    }

    [Fact]
    public async Task Without_the_CRD_Services_are_told_that_there_is_no_pool()
    {
        Cluster.Spoil(Faults.Answer(ApiError.NoSuchPath()), static r => r.Path.Contains("/addresspools", StringComparison.Ordinal), times: 10_000);
        Start("one");
        Cluster.Put(ProviderRig.ServiceDocument("web"));
        await Eventually.HoldsAsync(
            () => (string?)Cluster.Get(Kind.Service, "web")!["status"]?["conditions"]?[0]?["reason"] == "NoPool", () => $"{Cluster.Get(Kind.Service, "web")}");
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_to_the_log()
    {
        // The informer asks for one list; the others are the provider's own.
        static bool IsList(RecordedRequest request) => request.IsList && request.Path == "/api/v1/services";
        Cluster.Spoil(
            Faults.Answer(new ApiError(403, "Forbidden", "services is forbidden")),
            r => IsList(r) && Cluster.Requests.Count(IsList) > 1, times: 4);
        var running = Start("one");
        await Eventually.HoldsAsync(() => !running.Told.IsEmpty, () => "nothing");
        Assert.Contains("forbidden", running.Told.First().Note, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var running in _running)
        {
            await running.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Running Start(string instance)
    {
        var running = new Running(Client(), instance);
        _running.Add(running);
        return running;
    }

    private string Addresses(string service) => Cluster.Get(Kind.Service, service) is { } found ? ProviderRig.Addresses(found) : "gone";

    private string[] Addresses(int services) => [.. Enumerable.Range(0, services).Select(i => Addresses($"s{i}"))];

    private Task HasAsync(string service, string address) => Eventually.EqualsAsync(address, () => Addresses(service), service);

    private Task HasAsync(string service) => Eventually.HoldsAsync(() => Addresses(service).StartsWith("192", StringComparison.Ordinal), () => $"{Cluster.Get(Kind.Service, service)}");

    private Task HaveAllAsync(int services) => Eventually.HoldsAsync(() => Addresses(services).Distinct().Count(static a => a.Length > 0) == services, () => string.Join(' ', Addresses(services)));

    private Task IsGoneAsync(string service) => Eventually.HoldsAsync(() => Cluster.Get(Kind.Service, service) is null, () => $"{Cluster.Get(Kind.Service, service)}");

    private string[] Reasons(string service) => [.. Cluster.Store.At(null).Objects
        .Where(o => o.Key.Kind == Kind.Event && (string?)o.Value["regarding"]!["name"] == service)
        .OrderBy(static o => (string)o.Value["eventTime"]!, StringComparer.Ordinal).Select(static o => (string)o.Value["reason"]!)];

    /// <summary>A process.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;

        public Running(KubernetesApi api, string instance)
        {
            var log = new ListInformerLog();
            var services = Follow(Resources.Services);
            Provider = new(
                api, services, Follow(Resources.Namespaces), Follow(Resources.AddressPools), new() { Instance = instance },
                new() { Name = new("default", LeadingProvider.LeaseName), Identity = instance, Terms = LeaseTerms.Of(TimeSpan.FromSeconds(3)) },
                TimeProvider.System, Random.Shared.NextDouble);
            Provider.Reported += Told.Enqueue;
            _work = Task.WhenAll(services.RunAsync(_stop.Token), Provider.RunAsync(_stop.Token));

            Informer<T> Follow<T>(Resource<T> resource)
                where T : KubeObject => new(api, resource, ApiScope.All, TimeProvider.System, Random.Shared.NextDouble, log);
        }

        public LeadingProvider Provider { get; }

        public System.Collections.Concurrent.ConcurrentQueue<EventNote> Told { get; } = [];

        public async ValueTask DisposeAsync()
        {
            if (!_stop.IsCancellationRequested)
            {
                await _stop.CancelAsync();
                await _work;
                Provider.Dispose();
            }
        }
    }
}
