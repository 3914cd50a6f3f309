using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>
/// The moments between what was decided, what is written and what is known to be written, in which an address could be given to
/// two Services. The rig watches that it is not.
/// </summary>
public sealed class WriteWindowTests
{
    [Fact]
    public async Task A_pool_that_changes_while_a_status_is_written_frees_nothing_that_it_says()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.2").Service("web");
        var (first, second) = (new Gate(), new Gate());
        var writes = 0;
        rig.Spoil = async (call, answer, cancellation) =>
        {
            if (IsStatusOf(call, "web"))
            {
                await (Interlocked.Increment(ref writes) == 1 ? first : second).PassAsync(cancellation);
            }

            return answer();
        };
        rig.Start();
        await first.Reached;
        await ChangePoolAsync(rig, 3, "192.0.2.2-192.0.2.4");
        first.Open();
        await second.Reached;
        Assert.Equal("192.0.2.1", rig.AddressesOf("web"));

        await ChangePoolAsync(rig, 4, "192.0.2.1-192.0.2.4");
        rig.Service("next");
        await rig.HasAsync("next", "192.0.2.3");
        second.Open();
        await rig.HasAsync("web", "192.0.2.2");
    }

    [Fact]
    public async Task What_a_Service_shows_when_a_term_begins_is_its_own_even_if_its_pool_comes_back_only_later()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.7").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.7");
        await rig.StopAsync();
        rig.Pool("a", "192.0.2.1");

        var gate = new Gate();
        rig.Spoil = async (call, answer, cancellation) =>
        {
            await (IsStatusOf(call, "web") ? gate.PassAsync(cancellation) : Task.CompletedTask);
            return answer();
        };
        rig.Start();
        await gate.Reached;
        await ChangePoolAsync(rig, 2, "192.0.2.1", "192.0.2.7");
        rig.Service("next");
        await rig.WaitsAsync("next", "PoolExhausted");
        gate.Open();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.HasAsync("next", "192.0.2.7");
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_keeps_what_it_may_have_said()
    {
        await using var rig = new ProviderRig();
        await MoveAndReturnAsync(rig, async answer =>
        {
            // It is done, and nobody is told, neither by the answer nor by the informer.
            await rig.Services!.PauseAsync();
            answer();
        });
        await rig.SettlesAsync();
        Assert.Equal("192.0.2.2", rig.AddressesOf("web"));
        await rig.WaitsAsync("next", "AddressInUse");
        rig.Services!.Resume();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.HasAsync("next", "192.0.2.2");
    }

    [Fact]
    public async Task A_write_that_the_server_does_after_all_comes_too_late()
    {
        await using var rig = new ProviderRig();
        Action? late = null;
        await MoveAndReturnAsync(rig, answer =>
        {
            late = () => answer();
            return Task.CompletedTask;
        });
        await rig.HasAsync("next", "192.0.2.2");
        await rig.SettlesAsync();
        Assert.Equal("Conflict", Assert.Throws<ApiError>(late!).Reason);
        Assert.Equal("192.0.2.1", rig.AddressesOf("web"));
        await rig.IsQuietAsync();
    }

    [Fact]
    public async Task A_leader_whose_informers_lag_takes_nothing_back_by_what_they_show()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("next", created: 2);
        rig.Service("web", created: 1).Patch("web", Taken);
        rig.Patch("web", """{"spec": {"type": "ClusterIP"}}""");
        rig.Start(async (services, _) =>
        {
            // The leader before was about to let it go, and has seen in time that it is wanted again.
            await services.PauseAsync();
            rig.Patch("web", """{"spec": {"type": "LoadBalancer"}}""");
            rig.Patch(Kind.Service, "web", """{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1", "ipMode": "Proxy"}]}}}""", status: true);
        });
        await rig.WaitsAsync("next", "PoolExhausted");
        await rig.HasAsync("web", "192.0.2.1");
        rig.Services!.Resume();
        await rig.IsQuietAsync();
        await rig.HasAsync("web", "192.0.2.1");
    }

    [Fact]
    public async Task A_term_ends_only_when_the_last_write_has_been_answered()
    {
        await using var rig = new ProviderRig { Time = TimeProvider.System }.Pool("a", "192.0.2.1").Service("web");
        var gate = new Gate();
        rig.Spoil = async (call, answer, cancellation) =>
        {
            await (IsStatusOf(call, "web") ? gate.PassAsync(cancellation) : Task.CompletedTask);
            return answer();
        };
        rig.Start();
        await gate.Reached;
        var stopped = rig.StopAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Assert.False(stopped.IsCompleted);
        gate.Open();
        await stopped;
        Assert.Equal("192.0.2.1", rig.AddressesOf("web"));
    }

    [Fact]
    public async Task Of_two_who_show_the_same_the_older_one_keeps_it_and_the_other_is_told_why_it_moves()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.2");
        foreach (var (name, created) in new[] { ("a-newer", 2), ("b-older", 1) })
        {
            rig.Service(name, created: created).Patch(name, Taken);
            rig.Patch(Kind.Service, name, """{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1", "ipMode": "Proxy"}]}}}""", status: true);
        }

        rig.Forgive().Start();
        await rig.HasAsync("a-newer", "192.0.2.2");
        await rig.HasAsync("b-older", "192.0.2.1");
        await Eventually.HoldsAsync(
            () => rig.Events.Any(static e => e is { Reason: "DuplicateAddress", Note: "192.0.2.1 belongs to default/b-older, which keeps it" }),
            () => string.Join('\n', rig.Events));
    }

    private static string Taken =>
        $$"""{"metadata": {"finalizers": ["{{ProviderRig.CleanupFinalizer}}"], "annotations": {"l4lb.io/provider": "l4lb.io/l4lb" } } }""";

    /// <summary>
    /// Moves a Service from ….1 to ….2 by a write that seems to fail, and has it go back at once to what it had when it was seen
    /// last; which says nothing about what it shows now. Another Service waits for ….2.
    /// </summary>
    private static async Task MoveAndReturnAsync(ProviderRig rig, Func<Func<object>, Task> write)
    {
        rig.Pool("a", "192.0.2.1").Service("web").Service("next", metadata: """ "annotations": {"l4lb.io/load-balancer-ips": "192.0.2.2"} """);
        rig.Start();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.WaitsAsync("next", "AddressNotInPool");
        await Eventually.HoldsAsync(() => rig.Services!.Find(new("default", "web"))?.Conditions.Count > 0, static () => "the informer lags");
        var (gate, writes) = (new Gate(), 0);
        rig.Spoil = async (call, answer, cancellation) =>
        {
            if (!IsStatusOf(call, "web") || Interlocked.Increment(ref writes) > 1)
            {
                return answer();
            }

            await write(answer);
            await gate.PassAsync(cancellation);
            throw new ApiException(new(0, ApiStatus.Unreachable, "the answer was lost"), call.ToString());
        };
        await ChangePoolAsync(rig, 2, "192.0.2.2-192.0.2.3");
        await gate.Reached;
        await ChangePoolAsync(rig, 1, "192.0.2.1");
        gate.Open();
        await ChangePoolAsync(rig, 3, "192.0.2.1-192.0.2.3");
    }

    private static Task ChangePoolAsync(ProviderRig rig, int total, params string[] addresses)
    {
        rig.Pool("a", addresses);
        return Eventually.EqualsAsync((UInt128)total, () => rig.Controller!.Usage.Single().TotalIPv4, "addresses");
    }

    private static bool IsStatusOf(ApiCall call, string service) =>
        call is { Verb: "PATCH/status", Kind.Name: "Service" } && call.Name == new ObjectName("default", service);

    /// <summary>A place where calls wait until they may go on.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void Open() => _open.TrySetResult();

        public Task PassAsync(CancellationToken cancellation)
        {
            _reached.TrySetResult();
            return _open.Task.WaitAsync(cancellation);
        }
    }
}
