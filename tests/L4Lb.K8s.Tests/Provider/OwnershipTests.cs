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

    [Fact]
    public async Task Only_one_namespace_can_be_taken_care_of()
    {
        await using var rig = new ProviderRig(new() { Namespace = "team" }).Pool("a", "192.0.2.1").Start();
        rig.Service("web").Service("web", @namespace: "team");
        await rig.HasAsync("web", "192.0.2.1", "team");
        Assert.True(ProviderRig.IsClean(rig.Get("web")!));
    }
}
