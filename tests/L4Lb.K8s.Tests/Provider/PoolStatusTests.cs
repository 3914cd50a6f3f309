using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>What pools say of themselves.</summary>
public sealed class PoolStatusTests : IAsyncDisposable
{
    private readonly ProviderRig _rig = new ProviderRig().Start();

    [Fact]
    public async Task Counts_are_those_of_the_addresses()
    {
        _rig.PoolWith("a", "\"avoidBuggyIPs\": true", "192.0.2.0/24", "2001:db8::/64");
        await CountsAsync("a", 0, 254, 0, long.MaxValue);
        _rig.Service("one", metadata: "\"annotations\": {\"l4lb.io/allow-shared-ip\": \"k\"}");
        await _rig.HasAsync("one", "192.0.2.1"); // Before there is another that could have it.
        _rig.Service("two", "\"ipFamilies\": [\"IPv6\", \"IPv4\"], \"ipFamilyPolicy\": \"RequireDualStack\"");
        await CountsAsync("a", 2, 252, 1, long.MaxValue);
        _rig.Delete("two");
        _rig.Service("three", "\"ports\": [{\"port\": 81, \"protocol\": \"TCP\"}]", "\"annotations\": {\"l4lb.io/allow-shared-ip\": \"k\"}");
        await _rig.HasAsync("three", "192.0.2.1");
        await CountsAsync("a", 1, 253, 0, long.MaxValue);
        _rig.Delete("one").Delete("three");
        await CountsAsync("a", 0, 254, 0, long.MaxValue);
        Assert.Equal("True", (string)Ready("a")!["status"]!);
        Assert.Equal(1, (long)Ready("a")!["observedGeneration"]!);
    }

    [Fact]
    public async Task Pools_that_cannot_be_used_say_so()
    {
        _rig.Pool("a", "192.0.2.0/24").Pool("b", "192.0.2.7", "198.51.100.1");
        await Eventually.HoldsAsync(() => (string?)Ready("b")?["status"] == "False", () => $"{_rig.Get(Kind.AddressPool, "b")}");
        Assert.Equal(
            ("InvalidAddresses", "spec.addresses: 192.0.2.7 overlaps 192.0.2.0-192.0.2.255 of the pool a: an address has one pool"),
            ((string)Ready("b")!["reason"]!, (string)Ready("b")!["message"]!));
        await Eventually.HoldsAsync(
            () => _rig.Events.Any(static e => e.Reason == "InvalidAddressPool"), () => string.Join('\n', _rig.Events));

        var since = (string)Ready("b")!["lastTransitionTime"]!;
        _rig.Pool("b", "192.0.2.8", "198.51.100.1");
        await Eventually.EqualsAsync(2, () => (long)Ready("b")!["observedGeneration"]!, "observedGeneration");
        Assert.Equal(since, (string)Ready("b")!["lastTransitionTime"]!);

        _rig.Delete(Kind.AddressPool, "a");
        await CountsAsync("b", 0, 2, 0, 0);
        Assert.Equal("True", (string)Ready("b")!["status"]!);
    }

    [Fact]
    public async Task Many_changes_are_few_writes()
    {
        _rig.Pool("a", "10.0.0.0/16");
        await CountsAsync("a", 0, 65536, 0, 0);
        for (var i = 0; i < 200; i++)
        {
            _rig.Service($"s{i}");
        }

        await CountsAsync("a", 200, 65336, 0, 0);
        Assert.InRange(_rig.Calls.Count(static c => c.Kind == Kind.AddressPool && c.IsWrite), 2, 199);
    }

    [Fact]
    public async Task What_somebody_else_writes_there_is_put_right()
    {
        _rig.Pool("a", "192.0.2.1");
        await CountsAsync("a", 0, 1, 0, 0);
        _rig.Patch(Kind.AddressPool, "a", """{"status": {"availableIPv4": 77, "conditions": [{"type": "Other", "status": "True", "reason": "r", "message": "", "lastTransitionTime": "2020-01-01T00:00:00Z"}]}}""", status: true);
        await CountsAsync("a", 0, 1, 0, 0);
        await Eventually.HoldsAsync(() => Ready("a") is not null, () => $"{_rig.Get(Kind.AddressPool, "a")}");
        Assert.NotNull(Condition("a", "Other"));
    }

    [Fact]
    public async Task The_controller_tells_them_too()
    {
        _rig.Pool("a", "192.0.2.0/30").Service("web");
        await _rig.HasAsync("web", "192.0.2.0");
        var usage = Assert.Single(_rig.Controller!.Usage);
        Assert.Equal(("a", (UInt128)1, (UInt128)4), (usage.Name, usage.AssignedIPv4, usage.TotalIPv4));
        await _rig.StopAsync();
        Assert.Empty(_rig.Controller.Usage);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private JsonNode? Ready(string pool) => Condition(pool, "Ready");

    private JsonNode? Condition(string pool, string type) =>
        (_rig.Get(Kind.AddressPool, pool)?["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c => (string)c!["type"]! == type);

    private Task CountsAsync(string pool, long assigned4, long available4, long assigned6, long available6) => Eventually.HoldsAsync(
        () => _rig.Get(Kind.AddressPool, pool)?["status"] is { } status
            && ((long?)status["assignedIPv4"], (long?)status["availableIPv4"]) == (assigned4, available4)
            && ((long?)status["assignedIPv6"], (long?)status["availableIPv6"]) == (assigned6, available6),
        () => $"{_rig.Get(Kind.AddressPool, pool)}");
}
