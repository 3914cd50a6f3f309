using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Addresses;

public sealed class AddressManagerTests : IDisposable
{
    private static readonly IPAddress s_first = IPAddress.Parse("10.96.0.1");
    private static readonly IPAddress s_second = IPAddress.Parse("10.96.0.2");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeInterface _interface = new();
    private readonly ListLogger _logger = new();

    [Fact]
    public void Only_the_addresses_of_services_are_wanted()
    {
        var desired = Of(Service(
            "web",
            Listen("10.96.0.1:80"),
            Listen("10.96.0.1:443"),
            Listen("192.0.2.1:80", ListenKind.LoadBalancer),
            Listen("[2001:db8::1]:80", ListenKind.ExternalIP),
            Listen("0.0.0.0:30080", ListenKind.NodePort),
            Listen("127.0.0.5:80"),
            Listen("10.0.0.9:80", ListenKind.Direct)));

        Assert.Equal(
            ["10.96.0.1", "192.0.2.1", "2001:db8::1"], WantedAddresses.Of(desired).Select(a => a.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Takes_what_is_missing_and_gives_it_back_at_the_end()
    {
        await using (var manager = Manager())
        {
            manager.Take(Of(Service("web", Listen("10.96.0.1:80"), Listen("10.96.0.2:80"))));
            Assert.Equal([s_first, s_second], _interface.Present);
            Assert.Equal([s_first, s_second], Journal().Read());
        }

        Assert.Empty(_interface.Present);
        Assert.Equal([_folder.File("addresses-vip0.lock")], Directory.GetFiles(_folder.Path)); // Deleted, two could have one each.
    }

    [Fact]
    public async Task Leaves_alone_what_was_there_before()
    {
        _interface.Present.Add(s_first);
        await using (var manager = Manager())
        {
            manager.Take(Of(Service("web", Listen("10.96.0.1:80"))));
            manager.KeepOnly(Of());
        }

        Assert.Equal([s_first], _interface.Present);
    }

    [Fact]
    public async Task Leaves_alone_what_somebody_else_added_in_between()
    {
        _interface.OnAdd = a => _interface.Present.Add(a);
        await using (var manager = Manager())
        {
            manager.Take(Of(Service("web", Listen("10.96.0.1:80"))));
        }

        Assert.Equal([s_first], _interface.Present);
    }

    [Fact]
    public async Task Gives_back_what_is_no_longer_wanted()
    {
        await using var manager = Manager();
        manager.Take(Of(Service("web", Listen("10.96.0.1:80"), Listen("10.96.0.2:80"))));

        manager.KeepOnly(Of(Service("web", Listen("10.96.0.2:80"))));

        Assert.Equal([s_second], _interface.Present);
        Assert.Equal([s_second], Journal().Read());
    }

    [Fact]
    public async Task Notes_an_address_before_it_adds_it()
    {
        HashSet<IPAddress> noted = [];
        _interface.OnAdd = _ => noted = Journal().Read();
        await using var manager = Manager();

        manager.Take(Of(Service("web", Listen("10.96.0.1:80"))));

        Assert.Equal([s_first], noted);
    }

    [Fact]
    public async Task Cleans_up_after_a_run_that_did_not()
    {
        _interface.Present.UnionWith([s_first, s_second]);
        Journal().Write([s_first]);
        await using var manager = Manager();
        var desired = Of(Service("web", Listen("10.96.0.2:80")));

        manager.Take(desired);
        manager.KeepOnly(desired);

        Assert.Equal([s_second], _interface.Present);
    }

    [Theory]
    [InlineData(1, "CAP_NET_ADMIN")]
    [InlineData(19, "no such interface")]
    public async Task A_start_without_permission_or_interface_says_what_would_help(int errno, string expected)
    {
        _interface.AddResult = errno;
        await using var manager = Manager();

        var e = Assert.Throws<StartFailedException>(() => manager.Take(Of(Service("web", Listen("10.96.0.1:80")))));

        Assert.Contains("--manage-addresses vip0", e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public async Task Later_failures_are_logged_and_gone_on_with()
    {
        await using var manager = Manager();
        manager.Take(Of());
        _interface.AddResult = 1;

        manager.Take(Of(Service("web", Listen("10.96.0.1:80"))));

        Assert.Single(_logger.TextsOf(502));
    }

    [Fact]
    public void A_journal_that_is_none_stops_the_start()
    {
        File.WriteAllText(_folder.File("addresses-vip0.json"), "{\"interface\":");

        Assert.Contains("is not a journal", Assert.Throws<StartFailedException>(Manager).Message);
    }

    [Fact]
    public async Task A_journal_that_another_process_has_stops_the_start()
    {
        await using (var first = Manager())
        {
            first.Take(Of(Service("web", Listen("10.96.0.1:80"))));

            var e = Assert.Throws<StartFailedException>(Manager);

            Assert.Equal($"--manage-addresses vip0: another instance has {_folder.File("addresses-vip0.json")}; give each a --state-dir of its own", e.Message);
            await using var other = new AddressManager(_interface, new AddressJournal(_folder.Path, "vip1"), _logger);
            Assert.Equal([s_first], _interface.Present);
        }

        await using var next = Manager();
    }

    public void Dispose() => _folder.Dispose();

    private AddressJournal Journal() => new(_folder.Path, "vip0");

    private AddressManager Manager() => new(_interface, Journal(), _logger);
}
