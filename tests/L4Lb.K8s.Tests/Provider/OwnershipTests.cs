using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>Whose Services are touched, and whose are not.</summary>
public sealed class OwnershipTests
{
    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData("l4lb.io/l4lb", true, true)]
    [InlineData("l4lb.io/l4lb", false, true)]
    [InlineData("example.com/other", true, false)]
    public async Task Classes_decide(string? @class, bool handleUnclassed, bool isOurs)
    {
        await using var rig = new ProviderRig(new() { HandleUnclassed = handleUnclassed }).Pool("a", "192.0.2.1").Start();
        rig.Service("web", @class is null ? "" : $"\"loadBalancerClass\": \"{@class}\"");
        if (isOurs)
        {
            await rig.HasAsync("web", "192.0.2.1");
        }
        else
        {
            await rig.IsQuietAsync();
            Assert.True(ProviderRig.IsClean(rig.Get("web")!));
        }
    }

    [Fact]
    public async Task A_class_of_ones_own_can_be_chosen()
    {
        await using var rig = new ProviderRig(new() { LoadBalancerClass = "example.com/mine" }).Pool("a", "192.0.2.1").Start();
        rig.Service("theirs", "\"loadBalancerClass\": \"l4lb.io/l4lb\"").Service("mine", "\"loadBalancerClass\": \"example.com/mine\"");
        await rig.HasAsync("mine", "192.0.2.1");
        Assert.True(ProviderRig.IsClean(rig.Get("theirs")!));
    }

    [Fact]
    public async Task The_finalizer_of_another_provider_stays_when_its_Service_leaves()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Start();
        var finalizer = $"\"finalizers\": [\"{ProviderRig.CleanupFinalizer}\"]";
        rig.Service("web", "\"loadBalancerClass\": \"example.com/other\"", finalizer);
        rig.Patch("web", """{"spec": {"type": "ClusterIP", "loadBalancerClass": null}}""");
        rig.Delete("web");
        await rig.IsQuietAsync();
        Assert.Equal([ProviderRig.CleanupFinalizer], rig.Get("web")!.Finalizers());
    }

    [Fact]
    public async Task A_Service_that_another_one_serves_is_not_taken_from_its_users()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.2");
        rig.Service("cloud").Patch(Kind.Service, "cloud", """{"status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}}}""", status: true);
        rig.Service("named").Patch(Kind.Service, "named", """{"status": {"loadBalancer": {"ingress": [{"hostname": "lb.example.com"}]}}}""", status: true);
        rig.Service("migrated").Patch(Kind.Service, "migrated", """{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.2", "ipMode": "VIP"}]}}}""", status: true);
        rig.Start();
        await rig.HasAsync("migrated", "192.0.2.2");
        await rig.IsQuietAsync();
        Assert.Equal("203.0.113.7", rig.AddressesOf("cloud"));
        Assert.Empty(rig.Get("cloud")!.Finalizers());
        Assert.Empty(rig.Get("named")!.Finalizers());

        // Once it is let go, it is ours.
        rig.Patch(Kind.Service, "cloud", """{"status": {"loadBalancer": null}}""", status: true);
        await rig.HasAsync("cloud", "192.0.2.1");
    }

    [Fact]
    public async Task A_Service_without_a_class_is_handed_over_when_they_are_not_handled_any_more()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.2").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        rig.Service("taken");
        await rig.HasAsync("taken", "192.0.2.2");
        await rig.StopAsync();

        rig.Patch(Kind.Service, "taken", """{"status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}}}""", status: true);
        rig.Options = rig.Options with { HandleUnclassed = false };
        rig.Start();
        await rig.IsLeftAsync("web");
        await Eventually.HoldsAsync(() => !rig.Get("taken")!.Finalizers().Any(), () => $"{rig.Get("taken")}");
        Assert.Equal("203.0.113.7", rig.AddressesOf("taken"));
    }

    // What a client does that replaces a Service by what its own files say.
    private const string Replaced = """{"metadata": {"annotations": null}}""";

    [Fact]
    public async Task A_Service_that_was_replaced_without_our_mark_gets_it_back_and_keeps_its_address()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1-192.0.2.2").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        rig.Patch("web", """{"metadata": {"annotations": null, "finalizers": null}}""");
        await Eventually.HoldsAsync(() => rig.Get("web")!.Finalizers().Any(), () => $"{rig.Get("web")}");
        Assert.Equal("l4lb.io/l4lb", (string?)rig.Get("web")!["metadata"]!["annotations"]!["l4lb.io/provider"]);
        await rig.HasAsync("web", "192.0.2.1");

        // Even when no pool has its address any more: it is not taken for another provider's.
        await rig.StopAsync();
        rig.Patch("web", Replaced).Pool("a", "192.0.2.2").Start();
        await rig.HasAsync("web", "192.0.2.2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Service_that_loses_our_mark_and_its_type_at_once_is_cleaned_up(bool isSeen)
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        await (isSeen ? Task.CompletedTask : rig.StopAsync());
        rig.Patch("web", """{"metadata": {"annotations": null}, "spec": {"type": "ClusterIP"}}""");
        _ = isSeen ? rig : rig.Start();
        await rig.IsLeftAsync("web");
        rig.Service("next");
        await rig.HasAsync("next", "192.0.2.1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Service_without_our_mark_is_let_go_when_it_is_deleted(bool isSeen)
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.StopAsync();
        rig.Patch("web", Replaced);
        _ = isSeen ? rig.Start() : rig;
        rig.Delete("web");
        _ = isSeen ? rig : rig.Start();
        await rig.IsGoneAsync("web");
    }

    [Fact]
    public async Task Whoever_is_stopped_while_cleaning_up_without_a_mark_is_followed_by_somebody_who_finishes_it()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.StopAsync();
        rig.Patch("web", """{"metadata": {"annotations": null}, "spec": {"type": "ClusterIP"}}""");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spoil = async (call, answer, cancellation) =>
        {
            if (call.Verb == "PATCH" && rig.AddressesOf("web").Length == 0)
            {
                stopped.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return answer();
        };
        rig.Start();
        await stopped.Task;
        await rig.StopAsync();
        rig.Spoil = static (_, answer, _) => Task.FromResult(answer());
        Assert.Contains(ProviderRig.CleanupFinalizer, rig.Get("web")!.Finalizers());
        rig.Start();
        await rig.IsLeftAsync("web");
    }

    [Fact]
    public async Task A_Service_that_loses_all_that_says_it_is_ours_is_cleaned_up_by_whoever_knows()
    {
        await using var rig = new ProviderRig().Pool("a", "192.0.2.1").Service("web").Start();
        await rig.HasAsync("web", "192.0.2.1");
        await rig.Services!.PauseAsync();
        rig.Patch(Kind.Service, "web", """{"status": {"conditions": null}}""", status: true);
        rig.Patch("web", """{"metadata": {"annotations": null}, "spec": {"type": "ClusterIP"}}""");
        rig.Services.Resume();
        await rig.IsLeftAsync("web");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\"loadBalancerClass\": \"example.com/other\"", true)]
    public async Task The_condition_makes_no_Service_ours_that_is_somebody_elses_load_balancer(string spec, bool handleUnclassed)
    {
        await using var rig = new ProviderRig(new() { HandleUnclassed = handleUnclassed }).Pool("a", "192.0.2.1");
        rig.Service("web", spec, $"\"finalizers\": [\"{ProviderRig.CleanupFinalizer}\"]");
        rig.Patch(Kind.Service, "web", """
            {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}, "conditions": [{"type": "l4lb.io/AddressAssigned", "status": "True", "reason": "Assigned", "message": ""}]}}
            """, status: true);
        var before = rig.Get("web")!.ToJsonString();
        rig.Start();
        await rig.IsQuietAsync();
        Assert.Equal(before, rig.Get("web")!.ToJsonString());
    }

    [Fact]
    public async Task Only_one_namespace_can_be_taken_care_of()
    {
        await using var rig = new ProviderRig(new() { Namespace = "team" }).Pool("a", "192.0.2.1").Start();
        rig.Service("web").Service("web", @namespace: "team");
        await rig.HasAsync("web", "192.0.2.1", "team");
        Assert.True(ProviderRig.IsClean(rig.Get("web")!));
    }
}
