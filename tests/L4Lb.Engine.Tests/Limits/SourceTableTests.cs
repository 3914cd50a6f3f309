using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Limits;

namespace L4Lb.Engine.Tests.Limits;

public sealed class SourceTableTests
{
    private static readonly AddressKey s_client = Client("192.0.2.1");
    private static readonly AddressKey s_other = Client("192.0.2.2");

    private static readonly SourceLimitSpec s_rate = new() { MaxNewSessions = 20, Period = TimeSpan.FromSeconds(10) };

    [Fact]
    public void The_window_slides()
    {
        var table = new SourceTable(s_rate);

        // 20 at once are the whole bound; half a period after the window, half of them have slid out.
        Assert.Equal(20, Enter(table, s_client, times: 30, nowMs: 1_000));
        Assert.Equal(0, Enter(table, s_client, times: 1, nowMs: 10_999));
        Assert.Equal(0, Enter(table, s_client, times: 1, nowMs: 11_000));
        Assert.Equal(1, Enter(table, s_client, times: 2, nowMs: 11_001));
        Assert.Equal(9, Enter(table, s_client, times: 20, nowMs: 16_000));
        Assert.Equal(20, Enter(table, s_client, times: 30, nowMs: 36_000));
        Assert.Equal(10 + 1 + 1 + 1 + 11 + 10, table.Refused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(1000)]
    public void An_even_rate_at_the_bound_is_let_in_and_twice_that_rate_half(int most)
    {
        var table = new SourceTable(new SourceLimitSpec { MaxNewSessions = most, Period = TimeSpan.FromSeconds(10) });
        var stepMs = 10_000 / most;
        var (even, twice) = (0, 0);
        for (var i = 0; i < 10 * most; i++)
        {
            even += Enter(table, s_client, times: 1, nowMs: i * (stepMs + 1L));
            twice += Enter(table, s_other, times: 2, nowMs: i * (stepMs + 1L));
        }

        Assert.Equal(10 * most, even);
        Assert.InRange(twice, 9 * most, 11 * most);
    }

    [Fact]
    public void Concurrent_sessions_are_bounded_and_sources_do_not_share()
    {
        var table = new SourceTable(new SourceLimitSpec { MaxSessions = 2 });

        Assert.Equal(2, Enter(table, s_client, times: 3, nowMs: 0));
        Assert.Equal(2, Enter(table, s_other, times: 2, nowMs: 0));
        table.Leave(s_client.Address);
        Assert.Equal(1, Enter(table, s_client, times: 2, nowMs: 0));
        Assert.Equal((2, 0, 4), table.Measure(0));
    }

    [Fact]
    public void Beyond_a_bound_a_source_is_denied_until_the_time_is_over()
    {
        var table = new SourceTable(new SourceLimitSpec { MaxSessions = 1, DenyFor = TimeSpan.FromMinutes(1) });

        Assert.Equal(1, Enter(table, s_client, times: 1, nowMs: 0));
        Assert.Equal(0, Enter(table, s_client, times: 1, nowMs: 1_000));
        table.Leave(s_client.Address);

        // What is refused meanwhile neither counts nor makes it longer.
        Assert.Equal((1, 1, 0), table.Measure(2_000));
        Assert.Equal(0, Enter(table, s_client, times: 5, nowMs: 60_999));
        Assert.Equal(1, Enter(table, s_client, times: 1, nowMs: 61_000));
        Assert.Equal((1, 0, 1), table.Measure(61_000));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254", true)]
    [InlineData("192.0.2.1", "192.0.3.1", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:0:0:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::c000:201", false)]
    public void Networks_count_as_one(string first, string second, bool isOne)
    {
        var table = new SourceTable(new SourceLimitSpec { MaxSessions = 1, IPv4PrefixLength = 24, IPv6PrefixLength = 64 });

        Assert.Equal(1, Enter(table, Client(first), times: 1, nowMs: 0));
        Assert.Equal(isOne ? 0 : 1, Enter(table, Client(second), times: 1, nowMs: 0));
    }

    [Fact]
    public void Beyond_its_bound_it_forgets_the_longest_unseen_but_nobody_with_sessions()
    {
        var table = new SourceTable(new SourceLimitSpec { MaxNewSessions = 1, Period = TimeSpan.FromHours(1), MaxEntries = 2 });
        var clients = Enumerable.Range(1, 5).Select(i => Client($"192.0.2.{i}")).ToArray();
        foreach (var client in clients.Take(3))
        {
            Assert.Equal(1, Enter(table, client, times: 1, nowMs: 0));
        }

        // Three have a session, so three are kept; the first to be without one goes.
        Assert.Equal((3, 0, 3), table.Measure(0));
        table.Leave(clients[1].Address);
        Assert.Equal((2, 0, 2), table.Measure(0));
        Assert.Equal(1, Enter(table, clients[1], times: 1, nowMs: 0));
        Assert.Equal(0, Enter(table, clients[0], times: 1, nowMs: 0));

        // Among those without, the one that was seen last stays.
        Array.ForEach(clients[..3], client => table.Leave(client.Address));
        Assert.Equal((2, 0, 0), table.Measure(0));
        Assert.Equal(0, Enter(table, clients[1], times: 1, nowMs: 1));
        Assert.Equal(1, Enter(table, clients[3], times: 1, nowMs: 2));
        Assert.Equal(0, Enter(table, clients[1], times: 1, nowMs: 3));
    }

    [Fact]
    public void What_does_not_matter_any_more_is_forgotten()
    {
        var table = new SourceTable(s_rate);
        Assert.Equal(1, Enter(table, s_client, times: 1, nowMs: 0));
        table.Leave(s_client.Address);

        Assert.Equal(1, table.Measure(19_999).Sources);
        Assert.Equal(0, table.Measure(20_000).Sources);
    }

    [Fact]
    public void Other_bounds_hold_at_once_and_what_is_known_stays()
    {
        var table = SourceTable.Exchange(null, s_rate with { IPv4PrefixLength = 24 })!;
        Assert.Equal(20, Enter(table, s_client, times: 20, nowMs: 0));

        Assert.Same(table, SourceTable.Exchange(table, s_rate with { MaxNewSessions = 25, IPv4PrefixLength = 24 }));
        Assert.Equal(5, Enter(table, s_client, times: 20, nowMs: 0));

        // A session leaves as what it came, whatever the networks are by then.
        table.Update(s_rate);
        for (var i = 0; i < 25; i++)
        {
            table.Leave(Client("192.0.2.0").Address);
        }

        Assert.Equal(0, table.Measure(0).Open);
        Assert.Null(SourceTable.Exchange(table, null));
    }

    [Fact]
    public async Task Eight_threads_end_with_nothing_open()
    {
        var table = new SourceTable(new SourceLimitSpec { MaxSessions = 3, MaxEntries = 9_000 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                var open = new Queue<UInt128>();
                for (var i = 0; i < 50_000; i++)
                {
                    if (table.TryEnter(AddressKey.FromIPv4((uint)random.Next(20_000), 1), i / 100, out var source))
                    {
                        open.Enqueue(source);
                    }

                    if (open.Count > random.Next(100))
                    {
                        table.Leave(open.Dequeue());
                    }
                }

                while (open.TryDequeue(out var source))
                {
                    table.Leave(source);
                }
            },
            TaskCreationOptions.LongRunning)));

        var (sources, _, left) = table.Measure(500);
        Assert.Equal(0, left);
        Assert.InRange(sources, 0, 9_000);
    }

    private static int Enter(SourceTable table, AddressKey client, int times, long nowMs) =>
        Enumerable.Range(0, times).Count(_ => table.TryEnter(client, nowMs, out UInt128 _));

    private static AddressKey Client(string address) => AddressKey.From(IPAddress.Parse(address), 40000);
}
