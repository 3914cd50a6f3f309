using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Client;

/// <summary>
/// What the client and any API server do together: the same tests for the double and for the real one, so that the double cannot
/// drift away from it. Names are of this test's own namespace; nothing outside of it is touched.
/// </summary>
public abstract class ApiContract : IAsyncLifetime
{
    private ApiUnderTest _server = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KubernetesApi Api => _server.Api;

    private ApiScope Scope => new(_server.Namespace);

    [Fact]
    public async Task What_is_created_is_there_with_an_identity_and_a_version()
    {
        var made = await CreateServiceAsync("a", "x");
        Assert.NotEqual("", made.Metadata.Uid);
        var got = await Api.GetAsync(Resources.Services, NameOf("a"), Cancellation);
        Assert.Equal(made.Metadata, got.Metadata);
        Assert.Equal(made.Metadata.ResourceVersion, got.Metadata.ResourceVersion);
        Assert.Equal((80, "x"), (got.Ports[0].Port, got.Metadata.Labels["app"]));
    }

    [Fact]
    public async Task Refusals_have_their_codes_and_reasons()
    {
        await CreateServiceAsync("a");
        Assert.Equal("404 NotFound", await RefusedAsync(() => Api.GetAsync(Resources.Services, NameOf("b"), Cancellation)));
        Assert.Equal("409 AlreadyExists", await RefusedAsync(() => CreateServiceAsync("a")));
        Assert.Equal("422 Invalid", await RefusedAsync(() => CreateServiceAsync("")));
        var unknown = Resources.Services with { Group = "nothing.example", Plural = "nothings" };
        Assert.StartsWith("404 ", await RefusedAsync(() => Api.ListAsync(unknown, Scope, Cancellation)));
        Assert.Equal("400 BadRequest", await RefusedAsync(() =>
            Api.CreateAsync(Resources.Services, _server.Namespace, "nonsense"u8.ToArray(), Cancellation)));
    }

    [Fact]
    public async Task A_list_has_everything_of_its_scope_however_many_pages_it_takes()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await CreateServiceAsync(name, name is "b" or "d" ? "x" : "y");
        }

        var list = await _server.Api.ListAsync(Resources.Services, Scope, Cancellation);
        Assert.Equal("a b c d e", NamesOf(list));
        Assert.Equal("b d", NamesOf(await Api.ListAsync(Resources.Services, Scope with { LabelSelector = "app=x" }, Cancellation)));
        Assert.Equal("a c e", NamesOf(await Api.ListAsync(Resources.Services, Scope with { LabelSelector = "app in (y,z)" }, Cancellation)));
        Assert.Equal("c", NamesOf(await Api.ListAsync(Resources.Services, Scope with { FieldSelector = "metadata.name=c" }, Cancellation)));
    }

    [Fact]
    public async Task A_watch_tells_what_happened_after_a_list()
    {
        await CreateServiceAsync("a");
        var list = await Api.ListAsync(Resources.Services, Scope, Cancellation);
        await using var watch = Watch(Scope, list.ResourceVersion);
        await CreateServiceAsync("b");
        await PatchAsync("b", null, """{"metadata":{"labels":{"app":"z"}}}""");
        await _server.DeleteAsync(Resources.Services.Path(NameOf("b")), Cancellation);
        Assert.Equal("Added b", await NextAsync(watch));
        Assert.Equal("Modified b", await NextAsync(watch));
        Assert.Equal("z", watch.Current.Object!.Metadata.Labels["app"]);
        Assert.Equal("Deleted b", await NextAsync(watch));
        var deletedAt = watch.Current.ResourceVersion;

        // Goes on from there: the deletion is not told twice.
        await using var again = Watch(Scope, deletedAt);
        await CreateServiceAsync("c");
        Assert.Equal("Added c", await NextAsync(again));
    }

    [Fact]
    public async Task To_a_watch_with_a_selector_objects_come_and_go()
    {
        await CreateServiceAsync("a", "x");
        var list = await Api.ListAsync(Resources.Services, Scope, Cancellation);
        await using var watch = Watch(Scope with { LabelSelector = "app=y" }, list.ResourceVersion);
        await PatchAsync("a", null, """{"metadata":{"labels":{"app":"y"}}}""");
        await PatchAsync("a", null, """{"metadata":{"labels":{"app":"z"}}}""");
        Assert.Equal("Added a", await NextAsync(watch));
        Assert.Equal("Deleted a", await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_without_a_version_begins_with_all_there_is_and_ends_in_its_time()
    {
        await CreateServiceAsync("a");
        using var brief = _server.Open(new() { ShortestWatch = TimeSpan.FromSeconds(1), Random = new(1) });
        var seen = new List<string>();
        await foreach (var change in brief.WatchAsync(Resources.Services, Scope, "", Cancellation))
        {
            seen.Add($"{change.Type} {change.Object?.Metadata.Name}");
        }

        Assert.Equal("Added a", seen[0]);
        Assert.All(seen.Skip(1), static s => Assert.Equal("Bookmark ", s));
    }

    [Fact]
    public async Task A_version_of_long_ago_is_expired()
    {
        await CreateServiceAsync("a");
        await using var watch = Watch(Scope, "1");
        var error = await Assert.ThrowsAsync<ApiException>(() => NextAsync(watch));
        Assert.True(error.Status.IsExpired, error.Message);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var made = await CreateServiceAsync("a", "x");
        var patched = await PatchAsync("a", null, """{"metadata":{"labels":{"tier":"front"},"annotations":{"l4lb.io/a":"1"}}}""");
        Assert.Equal(("x", "front"), (patched.Metadata.Labels["app"], patched.Metadata.Labels["tier"]));
        Assert.Equal(made.Ports, patched.Ports);
        Assert.NotEqual(made.Metadata.ResourceVersion, patched.Metadata.ResourceVersion);
        var removed = await PatchAsync("a", null, """{"metadata":{"labels":{"app":null}}}""");
        Assert.Equal(["tier"], removed.Metadata.Labels.Keys);

        // What changes nothing makes no version.
        var same = await PatchAsync("a", null, """{"metadata":{"labels":{"tier":"front"}}}""");
        Assert.Equal(removed.Metadata.ResourceVersion, same.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_patch_that_names_a_version_is_for_that_version_alone()
    {
        var made = await CreateServiceAsync("a");
        var patch = $$"""{"metadata":{"resourceVersion":"{{made.Metadata.ResourceVersion}}", "labels":{"app":"1"} } }""";
        await PatchAsync("a", null, patch);
        Assert.Equal("409 Conflict", await RefusedAsync(() => PatchAsync("a", null, patch)));
    }

    [Fact]
    public async Task Status_is_changed_by_its_own_path_and_by_no_other()
    {
        await CreateServiceAsync("a", "x", "LoadBalancer");
        const string patch = """
            {"metadata":{"labels":{"app":"y"}},"spec":{"ports":[{"port":81}]},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1","ipMode":"Proxy"}]}}}
            """;
        var patched = await PatchAsync("a", "status", patch);
        Assert.Equal(("192.0.2.1", "Proxy"), (patched.Ingress[0].IP, patched.Ingress[0].IPMode));
        Assert.Equal((80, "x"), (patched.Ports[0].Port, patched.Metadata.Labels["app"]));
        patched = await PatchAsync("a", null, """{"status":{"loadBalancer":null},"metadata":{"labels":{"app":"z"}}}""");
        Assert.Equal(("192.0.2.1", "z"), (patched.Ingress[0].IP, patched.Metadata.Labels["app"]));
        patched = await PatchAsync("a", "status", """{"status":{"loadBalancer":{"ingress":null}}}""");
        Assert.Empty(patched.Ingress);
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_taken_off()
    {
        await CreateServiceAsync("a");
        await PatchAsync("a", null, """{"metadata":{"finalizers":["l4lb.io/test"]}}""");
        await _server.DeleteAsync(Resources.Services.Path(NameOf("a")), Cancellation);
        var held = await Api.GetAsync(Resources.Services, NameOf("a"), Cancellation);
        Assert.NotNull(held.Metadata.DeletionTimestamp);
        await PatchAsync("a", null, """{"metadata":{"finalizers":null}}""");
        Assert.Equal("404 NotFound", await RefusedAsync(() => Api.GetAsync(Resources.Services, NameOf("a"), Cancellation)));
    }

    [Fact]
    public async Task A_lease_is_a_lock()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(120_000);
        var made = await Api.CreateAsync(Resources.Leases, _server.Namespace, LeaseOf("a", null, now), Cancellation);
        Assert.Equal(("a", TimeSpan.FromSeconds(15), now), (made.Holder, made.Duration, made.RenewTime));
        Assert.Equal("409 AlreadyExists", await RefusedAsync(
            () => Api.CreateAsync(Resources.Leases, _server.Namespace, LeaseOf("b", null, now), Cancellation)));

        var name = made.Metadata.ObjectName;
        var bids = ((string[])["b", "c", "d"]).Select(async holder =>
        {
            try
            {
                return (await Api.ReplaceAsync(Resources.Leases, name, LeaseOf(holder, made.Metadata.ResourceVersion, now), Cancellation)).Holder;
            }
            catch (ApiException e)
            {
                return $"{e.Status.Code} {e.Status.Reason}";
            }
        });
        var outcomes = await Task.WhenAll(bids);
        Assert.Equal(2, outcomes.Count(static o => o == "409 Conflict"));
        Assert.Equal(outcomes.Single(static o => o != "409 Conflict"), (await Api.GetAsync(Resources.Leases, name, Cancellation)).Holder);
    }

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private protected abstract Task<ApiUnderTest> StartAsync();

    private ObjectName NameOf(string name) => new(_server.Namespace, name);

    private Task<Service> CreateServiceAsync(string name, string label = "x", string type = "ClusterIP") => Api.CreateAsync(
        Resources.Services,
        _server.Namespace,
        JsonBody.Object(w =>
        {
            w.WriteString("apiVersion", "v1");
            w.WriteString("kind", "Service");
            w.WriteStartObject("metadata");
            w.WriteString("name", name);
            w.WriteStartObject("labels");
            w.WriteString("app", label);
            w.WriteEndObject();
            w.WriteEndObject();
            w.WriteStartObject("spec");
            w.WriteString("type", type);

            // So that no provider of a real cluster takes it for its own.
            if (type == "LoadBalancer")
            {
                w.WriteString("loadBalancerClass", "l4lb.io/test");
            }

            w.WriteStartArray("ports");
            w.WriteStartObject();
            w.WriteNumber("port", 80);
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
        }),
        Cancellation);

    private Task<Service> PatchAsync(string name, string? subresource, string patch) => Api.MergePatchAsync(
        Resources.Services, NameOf(name), subresource, System.Text.Encoding.UTF8.GetBytes(patch), Cancellation);

    /// <summary>The Lease <c>leader</c>.</summary>
    internal static ReadOnlyMemory<byte> LeaseOf(string holder, string? version, DateTimeOffset renewed) => JsonBody.Object(w =>
    {
        w.WriteString("apiVersion", "coordination.k8s.io/v1");
        w.WriteString("kind", "Lease");
        w.WriteStartObject("metadata");
        w.WriteString("name", "leader");
        w.WriteString("resourceVersion", version);
        w.WriteEndObject();
        w.WriteStartObject("spec");
        w.WriteString("holderIdentity", holder);
        w.WriteNumber("leaseDurationSeconds", 15);
        w.WriteString("renewTime", JsonBody.MicroTime(renewed));
        w.WriteEndObject();
    });

    private IAsyncEnumerator<WatchEvent<Service>> Watch(ApiScope scope, string version) =>
        Api.WatchAsync(Resources.Services, scope, version, Cancellation).GetAsyncEnumerator(Cancellation);

    // Bookmarks come when the server likes.
    private static async Task<string> NextAsync(IAsyncEnumerator<WatchEvent<Service>> watch)
    {
        do
        {
            Assert.True(await watch.MoveNextAsync());
        }
        while (watch.Current.Type == WatchEventType.Bookmark);

        return $"{watch.Current.Type} {watch.Current.Object?.Metadata.Name}";
    }

    private static async Task<string> RefusedAsync(Func<Task> call)
    {
        var status = (await Assert.ThrowsAsync<ApiException>(call)).Status;
        return $"{status.Code} {status.Reason}";
    }

    private static string NamesOf(ApiList<Service> list) => string.Join(' ', list.Items.Select(static s => s.Metadata.Name));
}
