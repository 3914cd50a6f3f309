using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Provider;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>
/// A store, a provider that can be started and killed, and words for what people do to Services. Every version that the store
/// ever had is watched for what must never be.
/// </summary>
internal sealed class ProviderRig : IAsyncDisposable
{
    public const string CleanupFinalizer = "service.kubernetes.io/load-balancer-cleanup";

    private static readonly TimeSpan s_while = TimeSpan.FromMilliseconds(50);

    private readonly Channel<WatchSignal> _history = Channel.CreateUnbounded<WatchSignal>();
    private readonly ConcurrentQueue<ApiCall> _calls = [];
    private CancellationTokenSource? _leadership;
    private Task _term = Task.CompletedTask;

    public ProviderRig(ProviderOptions? options = null)
    {
        Options = (options ?? new()) with { PoolStatusInterval = TimeSpan.FromSeconds(2) };
        Store.Subscribe(null, _history.Writer);
        Api = new(Store)
        {
            Around = async (call, answer, cancellation) =>
            {
                _calls.Enqueue(call);
                return await Spoil(call, answer, cancellation);
            },
        };
        Namespace("default");
    }

    public ProviderOptions Options { get; set; }

    public ObjectStore Store { get; } = new();

    public StoreApi Api { get; }

    public TimeProvider Time { get; init; } = new FastTime();

    public ProviderController? Controller { get; private set; }

    public StoreInformer<Service>? Services { get; private set; }

    public IReadOnlyCollection<ApiCall> Calls => _calls;

    /// <summary>Goes around every call of the provider.</summary>
    public Func<ApiCall, Func<JsonObject>, CancellationToken, Task<JsonObject>> Spoil { get; set; } =
        static (_, call, _) => Task.FromResult(call());

    public IEnumerable<(string Reason, string Note, int Count)> Events => Store.At(null).Objects
        .Where(static o => o.Key.Kind == Kind.Event)
        .OrderBy(static o => (string)o.Value["eventTime"]!, StringComparer.Ordinal).ThenBy(static o => o.Value.Name(), StringComparer.Ordinal)
        .Select(static o => ((string)o.Value["reason"]!, (string)o.Value["note"]!, (int?)o.Value["series"]?["count"] ?? 1));

    // --- the provider ---

    /// <summary>Begins a term.</summary>
    /// <param name="meanwhile">Happens when the informers are there, and before the provider is.</param>
    public ProviderRig Start(Func<StoreInformer<Service>, StoreInformer<AddressPool>, Task>? meanwhile = null)
    {
        (Services, var namespaces, var pools) = (
            new(Store, Resources.Services), new StoreInformer<Namespace>(Store, Resources.Namespaces),
            new StoreInformer<AddressPool>(Store, Resources.AddressPools));
        Controller = new(Api, Services, namespaces, pools, Options, Time, static () => 0);
        _leadership = new();
        _term = RunAsync(Controller, _leadership.Token);
        return this;

        async Task RunAsync(ProviderController controller, CancellationToken leadership)
        {
            using (Services)
            using (namespaces)
            using (pools)
            {
                if (meanwhile is not null)
                {
                    await Task.WhenAll(Services.WaitForSyncAsync(leadership), pools.WaitForSyncAsync(leadership));
                    await meanwhile(Services, pools);
                }

                await controller.RunAsync(leadership);
            }
        }
    }

    /// <summary>Ends the term, wherever it is.</summary>
    public async Task StopAsync()
    {
        if (_leadership is { } leadership)
        {
            await leadership.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _term);
            leadership.Dispose();
            _leadership = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        CheckHistory();
    }

    // --- what people do ---

    public ProviderRig Namespace(string name, string label = "x", string value = "")
    {
        var key = new ObjectKey(Kind.Namespace, "", name);
        var document = Document(Kind.Namespace, name);
        document.Metadata()["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name, [label] = value };
        Store.Write(key, now => ObjectRules.Put(key, now, document, DateTimeOffset.UnixEpoch));
        return this;
    }

    public ProviderRig Pool(string name, params string[] addresses) => PoolWith(name, "", addresses);

    /// <summary>Creates a pool, or gives it another spec.</summary>
    public ProviderRig PoolWith(string name, string more, params string[] addresses)
    {
        var key = new ObjectKey(Kind.AddressPool, "", name);
        var spec = JsonNode.Parse("{" + more + "}")!.AsObject();
        spec["addresses"] = new JsonArray([.. addresses.Select(static a => JsonValue.Create(a))]);
        Store.Write(key, now =>
        {
            var document = now?.Copy() ?? Document(Kind.AddressPool, name);
            document["spec"] = spec;
            return now is null
                ? ObjectRules.Create(key, null, document, DateTimeOffset.UnixEpoch)
                : ObjectRules.Replace(key, now, document, status: false);
        });
        return this;
    }

    /// <summary>Creates a Service of type LoadBalancer, with more of its spec and metadata than that.</summary>
    public ProviderRig Service(string name, string spec = "", string metadata = "", string @namespace = "default", int created = 0)
    {
        var key = new ObjectKey(Kind.Service, @namespace, name);
        var document = ServiceDocument(name, spec, metadata);
        Store.Write(key, now => ObjectRules.Create(key, now, document, DateTimeOffset.UnixEpoch.AddSeconds(created)));
        return this;
    }

    public ProviderRig Patch(Kind kind, string name, string patch, bool status = false, string @namespace = "default")
    {
        var key = new ObjectKey(kind, kind.Namespaced ? @namespace : "", name);
        Store.Write(key, now => ObjectRules.Patch(key, now, JsonNode.Parse(patch)!.AsObject(), status));
        return this;
    }

    public ProviderRig Patch(string service, string patch) => Patch(Kind.Service, service, patch);

    public ProviderRig Annotate(string service, string name, string? value) => Patch(
        service,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } }.ToJsonString());

    public ProviderRig Delete(Kind kind, string name, string @namespace = "default")
    {
        var key = new ObjectKey(kind, kind.Namespaced ? @namespace : "", name);
        Store.Write(key, now => ObjectRules.Delete(key, now, null, DateTimeOffset.UnixEpoch));
        return this;
    }

    public ProviderRig Delete(string service) => Delete(Kind.Service, service);

    /// <summary>A Service of type LoadBalancer.</summary>
    public static JsonObject ServiceDocument(string name, string spec = "", string metadata = "")
    {
        var document = Json.MergePatched(Document(Kind.Service, name), JsonNode.Parse("""
            {"spec": {"type": "LoadBalancer", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "externalTrafficPolicy": "Cluster",
                      "ports": [{"port": 80, "protocol": "TCP"}], "clusterIP": "10.96.0.1"}}
            """)!.AsObject());
        return Json.MergePatched(document, JsonNode.Parse("{\"spec\": {" + spec + "}, \"metadata\": {" + metadata + "}}")!.AsObject());
    }

    // --- what is there ---

    public JsonObject? Get(Kind kind, string name, string @namespace = "default") =>
        Store.Find(new(kind, kind.Namespaced ? @namespace : "", name))?.Copy();

    public JsonObject? Get(string service, string @namespace = "default") => Get(Kind.Service, service, @namespace);

    public string AddressesOf(string service, string @namespace = "default") => Get(service, @namespace) is { } found ? Addresses(found) : "gone";

    public JsonNode? Condition(string service, string type = "l4lb.io/AddressAssigned") =>
        Conditions(Get(service)).FirstOrDefault(c => (string?)c["type"] == type);

    public string Reason(string service) => (string?)Condition(service)?["reason"] ?? "";

    /// <summary>A Service has these addresses, and its condition says so.</summary>
    public Task HasAsync(string service, string addresses, string @namespace = "default") => Eventually.EqualsAsync(
        (addresses, addresses.Length > 0 ? "True" : "False"),
        () => (AddressesOf(service, @namespace), (string?)Conditions(Get(service, @namespace)).FirstOrDefault(static c => (string?)c["type"] == "l4lb.io/AddressAssigned")?["status"] ?? ""),
        service);

    /// <summary>A Service waits, for a reason.</summary>
    public async Task WaitsAsync(string service, string reason)
    {
        await Eventually.EqualsAsync(("", reason), () => (AddressesOf(service), Reason(service)), service);
        Assert.Contains(CleanupFinalizer, Get(service)!.Finalizers());
    }

    /// <summary>A Service shows nothing of us any more.</summary>
    public Task IsLeftAsync(string service) => Eventually.HoldsAsync(() => Get(service) is { } found && IsClean(found), () => $"{Get(service)}");

    public Task IsGoneAsync(string service) => Eventually.HoldsAsync(() => Get(service) is null, () => $"{Get(service)}");

    /// <summary>Fails unless all Services stay as they are for a while, although they could be written.</summary>
    public async Task IsQuietAsync()
    {
        var before = Versions();
        await Task.Delay(s_while, TestContext.Current.CancellationToken);
        Assert.Equal(before, Versions());
    }

    /// <summary>Waits until what was still to be written is: until all Services have stayed as they are for a while.</summary>
    public Task SettlesAsync() => Eventually.HoldsAsync("the Services stay as they are", async () =>
    {
        var before = Versions();
        await Task.Delay(s_while, TestContext.Current.CancellationToken);
        return before.SequenceEqual(Versions());
    });

    public static bool IsClean(JsonObject service) =>
        !service.Finalizers().Contains(CleanupFinalizer) && service["metadata"]?["annotations"]?["l4lb.io/provider"] is null
        && Addresses(service).Length == 0 && !Conditions(service).Any(static c => ((string)c["type"]!).StartsWith("l4lb.io/", StringComparison.Ordinal));

    /// <summary>What was until now does not count.</summary>
    public ProviderRig Forgive()
    {
        while (_history.Reader.TryRead(out _))
        {
        }

        return this;
    }

    /// <summary>
    /// Never in all that was did a Service get an address that another one showed, unless both had the same sharing key; and no
    /// Service got one without having the finalizer before.
    /// </summary>
    public void CheckHistory()
    {
        var shown = new Dictionary<string, Dictionary<ObjectKey, string>>(StringComparer.Ordinal);
        while (_history.Reader.TryRead(out var signal))
        {
            if (signal is not WatchSignal.Change change || change.Key.Kind != Kind.Service)
            {
                continue;
            }

            foreach (var holders in shown.Values)
            {
                holders.Remove(change.Key);
            }

            if (change.After is not { } after || !IsOurs(after))
            {
                continue;
            }

            var key = (string?)after["metadata"]?["annotations"]?["l4lb.io/allow-shared-ip"] ?? "";
            foreach (var address in Addresses(after).Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                var holders = shown.TryGetValue(address, out var present) ? present : shown[address] = [];
                var isNew = change.Before is not { } before || !Addresses(before).Split(", ").Contains(address);
                Assert.True(!isNew || after.Finalizers().Contains(CleanupFinalizer), $"no finalizer: {after}");
                Assert.True(!isNew || holders.Values.All(k => k.Length > 0 && k == key), $"{change.Key} and {string.Join(", ", holders.Keys)} both show {address}");
                holders[change.Key] = key;
            }
        }
    }

    private string[] Versions() =>
        [.. Store.At(null).Objects.Where(static o => o.Key.Kind == Kind.Service).Select(static o => $"{o.Key} {o.Value.Version()}")];

    private static JsonObject Document(Kind kind, string name) =>
        new() { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Name, ["metadata"] = new JsonObject { ["name"] = name } };

    public static string Addresses(JsonObject service) => string.Join(
        ", ", (service["status"]?["loadBalancer"]?["ingress"] as JsonArray)?.Select(static i => (string?)i!["ip"] ?? "") ?? []);

    private static bool IsOurs(JsonObject service) =>
        service["metadata"]?["annotations"]?["l4lb.io/provider"] is not null
        || Conditions(service).Any(static c => (string?)c["type"] == "l4lb.io/AddressAssigned");

    private static IEnumerable<JsonNode> Conditions(JsonObject? item) => (item?["status"]?["conditions"] as JsonArray)?.OfType<JsonNode>() ?? [];
}
