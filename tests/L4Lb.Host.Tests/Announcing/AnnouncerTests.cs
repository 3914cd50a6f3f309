using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Host.Announcing;
using L4Lb.Host.Tests.Addresses;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Announcing;

public sealed class AnnouncerTests : IAsyncLifetime
{
    private static readonly IPAddress s_first = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_second = IPAddress.Parse("2001:db8::2");

    // The real clock, and everything twenty times as fast.
    private static readonly AnnounceTiming s_timing = AnnounceTiming.OnLink(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)) with
    {
        ProbeMs = 5,
        AnnounceAtMs = [0, 10, 20],
        BackOffMs = 20,
        BackOffMostMs = 40,
    };

    private readonly FakeInterface _interface = new();
    private readonly FakeWire _wire = new();
    private readonly FakeLeases _leases = new();
    private readonly ListLogger _logger = new();
    private readonly Announcer _announcer;

    public AnnouncerTests() => _announcer = New(_leases);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _announcer.DisposeAsync();

    [Fact]
    public void An_address_is_servable_while_any_port_of_it_listens()
    {
        var servable = ServableAddresses.Of(
        [
            Status("192.0.2.1:80", ListenerState.NoBackend),
            Status("192.0.2.1:443", ListenerState.Listening),
            Status("192.0.2.2:80", ListenerState.NoBackend),
            Status("192.0.2.2:443", ListenerState.Failed),
            Status("0.0.0.0:30080", ListenerState.Listening, ListenKind.NodePort),
            Status("10.0.0.9:80", ListenerState.Listening, ListenKind.Direct),
            Status("127.0.0.5:80", ListenerState.Listening),
        ]);

        Assert.Equal(
            [("192.0.2.1", true), ("192.0.2.2", false)],
            servable.Select(s => (s.Key.ToString(), s.Value)).OrderBy(s => s.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Addresses_come_with_the_first_backend_and_go_with_the_last()
    {
        Follow("192.0.2.1:80", ListenerState.NoBackend);
        await StateAsync(s_first, AddressState.Absent);
        Assert.Empty(_interface.Lifetimes);
        Assert.Empty(_leases.Wanted);

        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);
        Assert.Equal(2, _interface.Lifetimes[s_first]);
        await Eventually.HoldsAsync("three announcements", () => _wire.Count("announce") == 3);
        Assert.Equal(3, _wire.Count("probe"));

        Follow("192.0.2.1:80", ListenerState.NoBackend);
        await StateAsync(s_first, AddressState.Absent);
        Assert.Empty(_interface.Lifetimes);
        Assert.Empty(_leases.Wanted);
        Assert.Single(_logger.TextsOf(500));
        Assert.Single(_logger.TextsOf(501));
    }

    [Fact]
    public async Task The_list_says_who_has_what()
    {
        _announcer.Follow([Status("[2001:db8::2]:80", ListenerState.Listening), Status("192.0.2.1:80", ListenerState.Listening)]);
        await StateAsync(s_second, AddressState.Holding);
        _leases.Say(s_first, LeaseState.None, "node-2");
        await StateAsync(s_first, AddressState.Waiting);

        var list = await _announcer.ListAsync();

        Assert.Equal(
            [(s_first, AddressState.Waiting, "node-2", "node-2 has the lease"), (s_second, AddressState.Holding, "this", "")],
            list.OrderBy(a => a.Address.AddressFamily).Select(a => (a.Address, a.State, a.Holder!, a.Reason)));
        Assert.All(list, a => Assert.InRange(a.SinceUtc, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddSeconds(1)));
    }

    [Fact]
    public async Task An_address_that_no_service_has_any_more_is_forgotten()
    {
        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);
        Assert.Equal([s_first], _wire.Watched.Keys);

        _announcer.Follow([]);

        await Eventually.HoldsAsync("it is not watched", () => _wire.Watched.IsEmpty);
        Assert.Empty(_interface.Lifetimes);
        Assert.Empty(await _announcer.ListAsync());
    }

    [Fact]
    public async Task A_conflict_is_told_with_who_and_where()
    {
        var conflicts = new TaskCompletionSource<AddressConflict>();
        _announcer.Conflict += conflicts.SetResult;
        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);

        _wire.Say(new Claim(s_second, new HardwareAddress(7), IsProbe: false)); // Of an address that is not ours.
        _wire.Say(new Claim(s_first, new HardwareAddress(8), IsProbe: false));

        Assert.Equal(
            new AddressConflict(s_first, new HardwareAddress(8), "vip0"), await conflicts.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(["AddressConflict: 00:00:00:00:00:08 on vip0 says that 192.0.2.1 is its own"], _logger.TextsOf(504));
    }

    [Fact]
    public async Task A_link_that_is_down_gives_up_everything_and_begins_anew_when_it_is_back()
    {
        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);

        _wire.SetUp(false);
        await StateAsync(s_first, AddressState.Absent);
        Assert.Empty(_leases.Wanted);

        _wire.SetUp(true);
        await StateAsync(s_first, AddressState.Holding);
        Assert.Equal(6, _wire.Count("probe"));
    }

    [Fact]
    public async Task A_link_that_was_away_for_too_short_to_see_is_told_again()
    {
        Follow("192.0.2.1:80", ListenerState.Listening);
        await Eventually.HoldsAsync("three announcements", () => _wire.Count("announce") == 3);

        _wire.SetUp(true);

        await Eventually.HoldsAsync("three more", () => _wire.Count("announce") == 6);
        Assert.Equal(3, _wire.Count("probe"));
    }

    [Fact]
    public async Task A_node_that_is_to_take_no_load_hands_over_and_comes_back()
    {
        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);

        _announcer.AllowNode(false);
        await StateAsync(s_first, AddressState.Leaving);
        Assert.Empty(_leases.Wanted);
        _wire.Say(new Claim(s_first, new HardwareAddress(8), IsProbe: true));
        await StateAsync(s_first, AddressState.Absent);

        _announcer.AllowNode(true);
        await StateAsync(s_first, AddressState.Holding);
    }

    [Fact]
    public async Task At_the_end_it_hands_over_and_serves_until_somebody_comes()
    {
        Follow("192.0.2.1:80", ListenerState.Listening);
        await StateAsync(s_first, AddressState.Holding);

        var handedOver = _announcer.HandOverAsync();
        await StateAsync(s_first, AddressState.Leaving);
        Follow("192.0.2.1:80", ListenerState.NoBackend); // The listeners close, and that is no reason to go.
        await StateAsync(s_first, AddressState.Leaving);
        Assert.False(handedOver.IsCompleted);

        _wire.Say(new Claim(s_first, new HardwareAddress(8), IsProbe: true));
        await handedOver.WaitAsync(TimeSpan.FromMilliseconds(1400)); // Sooner than by itself.
        Assert.Empty(_interface.Lifetimes);
    }

    [Fact]
    public async Task Disposing_takes_everything_away()
    {
        _announcer.Follow([Status("[2001:db8::2]:80", ListenerState.Listening), Status("192.0.2.1:80", ListenerState.Listening)]);
        await StateAsync(s_first, AddressState.Holding);
        await StateAsync(s_second, AddressState.Holding);

        await _announcer.DisposeAsync();

        Assert.Empty(_interface.Lifetimes);
        Assert.Empty(_leases.Wanted);
        Assert.True(_wire.IsDisposed);
        Assert.Empty(await _announcer.ListAsync());
    }

    [Fact]
    public async Task What_is_on_the_interface_for_good_is_somebody_elses()
    {
        _interface.Present.Add(s_first);

        Follow("192.0.2.1:80", ListenerState.Listening);

        await StateAsync(s_first, AddressState.BackingOff);
        Assert.Contains("not from l4lb", (await _announcer.ListAsync()).Single().Reason);
        Assert.Equal([s_first], _interface.Present);
        Assert.Empty(_interface.Lifetimes);
    }

    [Fact]
    public async Task Trouble_with_one_address_leaves_the_others_alone()
    {
        var isFirst = true;
        _interface.OnAdd = address =>
        {
            if (address.Equals(s_first) && isFirst)
            {
                isFirst = false;
                throw new InvalidOperationException("a bug");
            }
        };

        _announcer.Follow([Status("[2001:db8::2]:80", ListenerState.Listening), Status("192.0.2.1:80", ListenerState.Listening)]);

        await StateAsync(s_second, AddressState.Holding);
        Assert.NotEmpty(_logger.TextsOf(505));
    }

    [Fact]
    public async Task By_routes_and_without_leases_the_address_is_there_at_once()
    {
        await using var announcer = new Announcer(
            _interface, new NoWire(), new NoLeases(), AnnounceTiming.ByRoute(TimeSpan.FromSeconds(5)), TimeProvider.System, _logger);

        announcer.Follow([Status("192.0.2.1:80", ListenerState.Listening)]);
        await Eventually.HoldsAsync("the address", () => _interface.Lifetimes.GetValueOrDefault(s_first) == 3);
        Assert.Empty(_wire.Sent);

        await announcer.HandOverAsync();
        await Eventually.HoldsAsync("it is withdrawn", () => _interface.Lifetimes.IsEmpty);
    }

    private static ListenerStatus Status(string address, ListenerState state, ListenKind kind = ListenKind.LoadBalancer) =>
        new(new ServiceKey("default", "web", "http"), Listen(address, kind), state, null);

    private Announcer New(IAddressLeases leases) => new(_interface, _wire, leases, s_timing, TimeProvider.System, _logger);

    private void Follow(string address, ListenerState state) => _announcer.Follow([Status(address, state)]);

    private async Task StateAsync(IPAddress address, AddressState state)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        AddressState? now;
        do
        {
            now = (await _announcer.ListAsync()).SingleOrDefault(a => a.Address.Equals(address))?.State;
        }
        while (now != state && DateTime.UtcNow < deadline);

        Assert.Equal(state, now);
    }
}
