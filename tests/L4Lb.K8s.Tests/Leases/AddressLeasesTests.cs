using System.Collections.Concurrent;
using System.Net;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Tests.Client;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Leases;

public sealed class AddressLeasesTests : ClientTest
{
    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.1");
    private readonly List<AddressLeases> _all = [];

    [Fact]
    public async Task One_has_it_and_the_other_when_it_is_released()
    {
        var (one, oneStates) = Join("one");
        var (two, twoStates) = Join("two");
        one.Want(s_address);
        await IsAsync(oneStates, AddressLeaseState.Held);
        two.Want(s_address);
        await Eventually.HoldsAsync(() => twoStates.GetValueOrDefault(s_address).Holder == "one", () => "two sees who has it");

        one.Release(s_address);
        await IsAsync(twoStates, AddressLeaseState.Held);
    }

    [Fact]
    public async Task Each_address_has_a_lease_of_its_own()
    {
        var (one, oneStates) = Join("one");
        var other = IPAddress.Parse("2001:db8::1");
        one.Want(s_address);
        one.Want(other);
        await IsAsync(oneStates, AddressLeaseState.Held);
        await Eventually.HoldsAsync(() => oneStates.GetValueOrDefault(other).State == AddressLeaseState.Held, () => "both are held");
        Assert.Equal("one", (string?)Cluster.Get(Kind.Lease, "vip-192.0.2.1", "system")!["spec"]!["holderIdentity"]);
        Assert.Equal("true", (string?)Cluster.Get(Kind.Lease, "vip-2001-db8--1", "system")!["metadata"]!["labels"]![AddressLeases.Label]);
    }

    [Fact]
    public async Task What_is_wanted_again_at_once_is_had_again_however_often()
    {
        var (one, oneStates) = Join("one");
        for (var i = 0; i < 20; i++)
        {
            one.Want(s_address);
            one.Release(s_address);
        }

        one.Want(s_address);
        await IsAsync(oneStates, AddressLeaseState.Held);
        await Eventually.HoldsAsync(() => Holder() == "one", () => "the lease says so");
        one.Release(s_address);
        await Eventually.HoldsAsync(() => string.IsNullOrEmpty(Holder()), () => "it is given back");
    }

    [Fact]
    public async Task While_the_server_is_away_it_is_unconfirmed_and_held_again_afterwards()
    {
        var (one, oneStates) = Join("one", TimeSpan.FromSeconds(1));
        one.Want(s_address);
        await IsAsync(oneStates, AddressLeaseState.Held);
        await Cluster.GoDownAsync();
        await IsAsync(oneStates, AddressLeaseState.Unconfirmed);
        await Cluster.GoUpAsync();
        await IsAsync(oneStates, AddressLeaseState.Held);
    }

    [Fact]
    public async Task At_the_end_all_are_given_back()
    {
        var (one, oneStates) = Join("one");
        one.Want(s_address);
        await IsAsync(oneStates, AddressLeaseState.Held);
        await one.DisposeAsync();
        Assert.True(string.IsNullOrEmpty(Holder()));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var leases in _all)
        {
            await leases.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static Task IsAsync(ConcurrentDictionary<IPAddress, AddressLeaseStatus> states, AddressLeaseState state) =>
        Eventually.HoldsAsync(() => states.TryGetValue(s_address, out var now) && now.State == state, () => $"it is {state}");

    private string? Holder() => (string?)Cluster.Get(Kind.Lease, "vip-192.0.2.1", "system")?["spec"]?["holderIdentity"];

    private (AddressLeases Leases, ConcurrentDictionary<IPAddress, AddressLeaseStatus> States) Join(string identity, TimeSpan? duration = null)
    {
        var leases = new AddressLeases(
            Client(),
            new()
            {
                Namespace = "system",
                Identity = identity,
                Duration = duration ?? TimeSpan.FromSeconds(3),
                NameOf = static address => $"vip-{address.ToString().Replace(':', '-')}",
            },
            watch: null,
            TimeProvider.System,
            Random.Shared.NextDouble);
        var states = new ConcurrentDictionary<IPAddress, AddressLeaseStatus>();
        leases.Changed += (address, status) => states[address] = status;
        _all.Add(leases);
        return (leases, states);
    }
}
