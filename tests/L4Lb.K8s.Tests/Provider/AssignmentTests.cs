using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>What MetalLB's end-to-end tests of assignment ask, one by one.</summary>
public sealed class AssignmentTests : IAsyncDisposable
{
    private const string Dual = "\"ipFamilies\": [\"IPv4\", \"IPv6\"], \"ipFamilyPolicy\": \"PreferDualStack\"";

    private readonly ProviderRig _rig = new ProviderRig().Start();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Type_change_to_ClusterIP_or_delete_frees_the_address_for_the_waiting_service(bool delete)
    {
        _rig.Pool("a", "192.0.2.1").Service("first");
        await _rig.HasAsync("first", "192.0.2.1");
        _rig.Service("second");
        await _rig.WaitsAsync("second", "PoolExhausted");

        _ = delete ? _rig.Delete("first") : _rig.Patch("first", """{"spec": {"type": "ClusterIP"}}""");
        await _rig.HasAsync("second", "192.0.2.1");
    }

    [Fact]
    public async Task Same_address_after_controller_restart()
    {
        _rig.Pool("a", "192.0.2.0/24");
        for (var i = 0; i < 5; i++)
        {
            _rig.Service($"s{i}");
            await _rig.HasAsync($"s{i}", $"192.0.2.{i}");
        }

        await _rig.StopAsync();
        _rig.Delete("s0").Service("a-new-one").Annotate("s3", "l4lb.io/load-balancer-ips", "192.0.2.1").Start();
        await Eventually.HoldsAsync(() => _rig.AddressesOf("a-new-one").Length > 0, () => $"{_rig.Get("a-new-one")}");
        Assert.Equal(
            ["192.0.2.1", "192.0.2.2", "192.0.2.4"], new[] { "s1", "s2", "s4" }.Select(s => _rig.AddressesOf(s)));
        await _rig.WaitsAsync("s3", "AddressInUse");
    }

    [Fact]
    public async Task A_Service_that_waited_gets_nothing_that_somebody_had_before_the_restart()
    {
        _rig.Pool("a", "192.0.2.1").Service("z-has-it");
        await _rig.HasAsync("z-has-it", "192.0.2.1");
        await _rig.StopAsync();
        _rig.Service("a-waits").Start();
        await _rig.WaitsAsync("a-waits", "PoolExhausted");
        Assert.Equal("192.0.2.1", _rig.AddressesOf("z-has-it"));
    }

    [Fact]
    public async Task A_type_that_changed_while_nobody_looked_is_cleaned_up_first()
    {
        _rig.Pool("a", "192.0.2.1").Service("z-leaves");
        await _rig.HasAsync("z-leaves", "192.0.2.1");
        await _rig.StopAsync();
        _rig.Patch("z-leaves", """{"spec": {"type": "ClusterIP"}}""").Service("a-waits").Start();
        await _rig.HasAsync("a-waits", "192.0.2.1");
        await _rig.IsLeftAsync("z-leaves");
    }

    [Fact]
    public async Task Sharing_is_re_evaluated_when_conditions_change()
    {
        _rig.Pool("a", "192.0.2.1");
        _rig.Service("one", metadata: "\"annotations\": {\"l4lb.io/allow-shared-ip\": \"k\"}");
        await _rig.HasAsync("one", "192.0.2.1");
        _rig.Service("two", metadata: "\"annotations\": {\"l4lb.io/allow-shared-ip\": \"k\"}");
        await _rig.WaitsAsync("two", "PoolExhausted");

        _rig.Patch("one", """{"spec": {"ports": [{"port": 443, "protocol": "TCP"}]}}""");
        await _rig.HasAsync("two", "192.0.2.1");
        _rig.Patch("two", """{"spec": {"externalTrafficPolicy": "Local", "selector": {"app": "b"}}}""");
        await _rig.WaitsAsync("two", "PoolExhausted");
        _rig.Patch("one", """{"spec": {"externalTrafficPolicy": "Local", "selector": {"app": "b"}}}""");
        await _rig.HasAsync("two", "192.0.2.1");

        _rig.Annotate("two", "l4lb.io/allow-shared-ip", "other").Annotate("two", "l4lb.io/load-balancer-ips", "192.0.2.1");
        await _rig.WaitsAsync("two", "SharingConflict");
        _rig.Delete("one");
        await _rig.HasAsync("two", "192.0.2.1");
    }

    [Fact]
    public async Task Removes_all_pools()
    {
        _rig.Pool("a", "192.0.2.1").Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Delete(Kind.AddressPool, "a");
        await _rig.WaitsAsync("web", "NoPool");
        _rig.Pool("a", "192.0.2.1");
        await _rig.HasAsync("web", "192.0.2.1");
    }

    [Fact]
    public async Task Re_allocates_after_deleting_a_pool()
    {
        _rig.Pool("a", "192.0.2.1").Pool("b", "198.51.100.1").Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Delete(Kind.AddressPool, "a");
        await _rig.HasAsync("web", "198.51.100.1");

        // A better pool moves nobody.
        _rig.PoolWith("a", "\"serviceAllocation\": {\"priority\": 1}", "192.0.2.1").Service("new");
        await _rig.HasAsync("new", "192.0.2.1");
        Assert.Equal("198.51.100.1", _rig.AddressesOf("web"));
    }

    [Fact]
    public async Task Pool_by_annotation_with_auto_assign_and_without()
    {
        _rig.PoolWith("closed", "\"autoAssign\": false", "192.0.2.1").Pool("open", "198.51.100.0/24");
        _rig.Service("web").Service("named", metadata: "\"annotations\": {\"metallb.io/address-pool\": \"closed\"}");
        await _rig.HasAsync("web", "198.51.100.0");
        await _rig.HasAsync("named", "192.0.2.1");
        _rig.Annotate("named", "metallb.io/address-pool", "open");
        await _rig.HasAsync("named", "198.51.100.1");
        _rig.Annotate("named", "metallb.io/address-pool", "nowhere");
        await _rig.WaitsAsync("named", "NoPool");
    }

    [Fact]
    public async Task Pool_choice_by_namespace()
    {
        _rig.PoolWith("team", "\"serviceAllocation\": {\"namespaces\": [\"team\"]}", "192.0.2.1").Pool("all", "198.51.100.1");
        _rig.Namespace("team").Service("web").Service("web", @namespace: "team");
        await _rig.HasAsync("web", "192.0.2.1", "team");
        await _rig.HasAsync("web", "198.51.100.1");
    }

    [Fact]
    public async Task Pool_choice_by_priority_only()
    {
        _rig.PoolWith("a", "\"serviceAllocation\": {\"priority\": 20}", "192.0.2.1").PoolWith("b", "\"serviceAllocation\": {\"priority\": 10}", "198.51.100.1");
        _rig.Service("one");
        await _rig.HasAsync("one", "198.51.100.1");
        _rig.Service("two");
        await _rig.HasAsync("two", "192.0.2.1");
    }

    [Fact]
    public async Task Pool_choice_by_namespace_labels()
    {
        _rig.PoolWith("gold", "\"serviceAllocation\": {\"namespaceSelectors\": [{\"matchLabels\": {\"tier\": \"gold\"}}]}", "192.0.2.1").Service("web");
        await _rig.WaitsAsync("web", "PoolNotForService");
        _rig.Namespace("default", "tier", "gold");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Namespace("default", "tier", "silver");
        await _rig.WaitsAsync("web", "PoolNotForService");
    }

    [Fact]
    public async Task Pool_choice_by_service_label()
    {
        _rig.PoolWith("public", "\"serviceAllocation\": {\"serviceSelectors\": [{\"matchExpressions\": [{\"key\": \"expose\", \"operator\": \"In\", \"values\": [\"yes\"]}]}]}", "192.0.2.1");
        _rig.Service("web").Service("inner");
        await _rig.WaitsAsync("web", "PoolNotForService");
        _rig.Patch("web", """{"metadata": {"labels": {"expose": "yes"}}}""");
        await _rig.HasAsync("web", "192.0.2.1");
        await _rig.WaitsAsync("inner", "PoolNotForService");
    }

    [Fact]
    public async Task PreferDualStack_dual_pool_preferred()
    {
        _rig.PoolWith("single", "\"serviceAllocation\": {\"priority\": 1}", "192.0.2.1").Pool("dual", "198.51.100.1", "2001:db8::1").Service("web", Dual);
        await _rig.HasAsync("web", "198.51.100.1, 2001:db8::1");
    }

    [Fact]
    public async Task PreferDualStack_primary_family_first()
    {
        _rig.Pool("a-v6", "2001:db8::1").Pool("b-v4", "192.0.2.1").Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.1");
        Assert.EndsWith("; no IPv6 address of it is free", (string)_rig.Condition("web")!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PreferDualStack_pool_becoming_dual_adds_the_second_address()
    {
        _rig.Pool("a", "192.0.2.1").Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Pool("a", "192.0.2.1", "2001:db8::/64");
        await _rig.HasAsync("web", "192.0.2.1, 2001:db8::");
    }

    [Fact]
    public async Task PreferDualStack_gets_the_second_address_once_somebody_gives_it_back()
    {
        _rig.Pool("a", "192.0.2.0/24", "2001:db8::1").Service("v6", "\"ipFamilies\": [\"IPv6\"]");
        await _rig.HasAsync("v6", "2001:db8::1");
        _rig.Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.0");
        _rig.Delete("v6");
        await _rig.HasAsync("web", "192.0.2.0, 2001:db8::1");
    }

    [Fact]
    public async Task PreferDualStack_to_RequireDualStack_and_back()
    {
        _rig.Pool("a", "192.0.2.1").Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Patch("web", """{"spec": {"ipFamilyPolicy": "RequireDualStack"}}""");
        await _rig.WaitsAsync("web", "PoolExhausted");
        _rig.Patch("web", """{"spec": {"ipFamilyPolicy": "PreferDualStack"}}""");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Patch("web", """{"spec": {"ipFamilyPolicy": "RequireDualStack"}}""").Pool("a", "192.0.2.1", "2001:db8::1");
        await _rig.HasAsync("web", "192.0.2.1, 2001:db8::1");
        _rig.Patch("web", """{"spec": {"ipFamilyPolicy": "SingleStack", "ipFamilies": ["IPv4"]}}""");
        await _rig.HasAsync("web", "192.0.2.1");
    }

    [Fact]
    public async Task PreferDualStack_no_jump_between_pools()
    {
        _rig.Pool("a", "192.0.2.1").Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.PoolWith("dual", "\"serviceAllocation\": {\"priority\": 1}", "198.51.100.1", "2001:db8::1").Service("new", Dual);
        await _rig.HasAsync("new", "198.51.100.1, 2001:db8::1");
        Assert.Equal("192.0.2.1", _rig.AddressesOf("web"));
    }

    [Fact]
    public async Task PreferDualStack_pool_losing_a_family_moves()
    {
        _rig.Pool("a", "192.0.2.1", "2001:db8:a::1").Service("web", Dual);
        await _rig.HasAsync("web", "192.0.2.1, 2001:db8:a::1");
        _rig.Pool("b", "198.51.100.1", "2001:db8:b::1").Pool("a", "192.0.2.1");
        await _rig.HasAsync("web", "198.51.100.1, 2001:db8:b::1");
    }

    [Theory]
    [InlineData("l4lb.io/load-balancer-ips", "203.0.113.9", "AddressNotInPool")]
    [InlineData("l4lb.io/load-balancer-ips", "192.0.2.9,192.0.2.8", "FamilyMismatch")]
    [InlineData("l4lb.io/load-balancer-ips", "web", "InvalidAnnotation")]
    [InlineData("l4lb.io/load-balancer-ips", "192.0.2.1", "AddressInUse")]
    [InlineData("l4lb.io/address-pool", "b", "PoolNotForService")]
    public async Task A_Service_that_waits_says_why(string annotation, string value, string reason)
    {
        _rig.Pool("a", "192.0.2.0/24").PoolWith("b", "\"serviceAllocation\": {\"namespaces\": [\"other\"]}", "198.51.100.1").Service("first");
        _rig.Annotate("first", "l4lb.io/load-balancer-ips", "192.0.2.1");
        await _rig.HasAsync("first", "192.0.2.1");
        _rig.Service("web", metadata: $"\"annotations\": {{\"{annotation}\": \"{value}\"}}");
        await _rig.WaitsAsync("web", reason);
        Assert.NotEmpty((string)_rig.Condition("web")!["message"]!);
        _rig.Annotate("web", annotation, null);
        await _rig.HasAsync("web", "192.0.2.0");
    }

    [Fact]
    public async Task An_annotation_that_nobody_understands_takes_nothing_away()
    {
        _rig.Pool("a", "192.0.2.0/24").Service("web");
        _rig.Annotate("web", "l4lb.io/load-balancer-ips", "192.0.2.7");
        await _rig.HasAsync("web", "192.0.2.7");
        _rig.Annotate("web", "l4lb.io/load-balancer-ips", "192.0.2.");
        await Eventually.EqualsAsync("InvalidAnnotation", () => _rig.Reason("web"), "reason");
        await _rig.HasAsync("web", "192.0.2.7");
        Assert.StartsWith("keeps 192.0.2.7 of the address pool a; metadata.annotations[", (string)_rig.Condition("web")!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_wish_moves_a_Service_and_what_it_had_goes_to_whoever_waits()
    {
        _rig.Pool("a", "192.0.2.1-192.0.2.2").Service("web");
        await _rig.HasAsync("web", "192.0.2.1");
        _rig.Service("waits", metadata: "\"annotations\": {\"l4lb.io/load-balancer-ips\": \"192.0.2.1\"}");
        await _rig.WaitsAsync("waits", "AddressInUse");
        _rig.Annotate("web", "l4lb.io/load-balancer-ips", "192.0.2.2");
        await _rig.HasAsync("web", "192.0.2.2");
        await _rig.HasAsync("waits", "192.0.2.1");
    }

    [Fact]
    public async Task What_becomes_free_goes_to_those_who_wait_in_the_order_in_which_they_were_created()
    {
        _rig.Service("c", created: 1).Service("b", created: 2).Service("a", created: 3);
        await _rig.WaitsAsync("a", "NoPool");
        await _rig.WaitsAsync("b", "NoPool");
        await _rig.WaitsAsync("c", "NoPool");
        _rig.Pool("a", "192.0.2.1");
        await _rig.HasAsync("c", "192.0.2.1");
        await _rig.WaitsAsync("b", "PoolExhausted");
        _rig.Delete("c").Service("0", created: 4);
        await _rig.HasAsync("b", "192.0.2.1");
        await _rig.WaitsAsync("0", "PoolExhausted");
        _rig.Pool("a", "192.0.2.1-192.0.2.2");
        await _rig.HasAsync("a", "192.0.2.2");
        await _rig.WaitsAsync("0", "PoolExhausted");
    }

    [Fact]
    public async Task Whoever_loses_its_address_to_a_change_of_pools_goes_before_those_who_wait()
    {
        _rig.Pool("a", "192.0.2.1").Service("has", created: 5);
        await _rig.HasAsync("has", "192.0.2.1");
        _rig.Service("waits", created: 1);
        await _rig.WaitsAsync("waits", "PoolExhausted");
        _rig.Pool("a", "192.0.2.2");
        await _rig.HasAsync("has", "192.0.2.2");
        await _rig.WaitsAsync("waits", "PoolExhausted");
    }

    [Fact]
    public async Task The_reason_to_wait_is_that_of_today()
    {
        _rig.Pool("a", "192.0.2.1").Service("first");
        await _rig.HasAsync("first", "192.0.2.1");
        _rig.Service("web", metadata: "\"annotations\": {\"l4lb.io/load-balancer-ips\": \"192.0.2.1\"}", created: 9);
        await _rig.WaitsAsync("web", "AddressInUse");
        Assert.StartsWith("192.0.2.1 belongs to default/first", (string)_rig.Condition("web")!["message"]!, StringComparison.Ordinal);
        _rig.Service("second", created: 8);
        await _rig.WaitsAsync("second", "PoolExhausted");
        _rig.Delete("first");
        await _rig.HasAsync("second", "192.0.2.1");
        await Eventually.HoldsAsync(
            () => ((string)_rig.Condition("web")!["message"]!).StartsWith("192.0.2.1 belongs to default/second", StringComparison.Ordinal),
            () => $"{_rig.Condition("web")}");
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}
