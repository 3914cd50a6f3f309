using L4Lb.Host.Client;
using L4Lb.Host.Client.Top;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

public class TopScreenTests
{
    private static readonly (int, int) s_size = (80, 24);

    private readonly ManualTime _time = new();

    [Fact]
    public void It_fits_a_screen_of_80_by_24()
    {
        var lines = new TopScreen(TopOrder.Sessions).Render(View(services: 40, unhealthy: 9), s_size);

        Assert.Equal(24, lines.Count);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
        Golden.Check(string.Join('\n', lines), "Client/top-80x24.golden.txt");
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(1, 1)]
    [InlineData(300, 100)]
    public void Any_size_is_held(int columns, int rows)
    {
        var lines = new TopScreen(TopOrder.Name).Render(View(services: 40, unhealthy: 40), (columns, rows));

        Assert.InRange(lines.Count, 1, rows);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
    }

    [Fact]
    public void Keys_sort_scroll_pause_and_leave()
    {
        var screen = new TopScreen(TopOrder.Sessions);
        var view = View(services: 40, unhealthy: 0);
        string First(TopScreen of) => of.Render(view, s_size)[5].Split(' ')[0];

        Assert.Equal("shop/web-39:http", First(screen));
        Assert.Equal("shop/web-00:http", First(Press(screen, 'n')));
        Assert.Equal("shop/web-01:http", First(Press(Press(screen, 'n'), 'j')));
        Assert.Equal("shop/web-00:http", First(Press(Press(Press(screen, 'n'), 'j'), 'k')));
        Assert.True(Press(screen, 'p').IsPaused);
        Assert.False(Press(Press(screen, 'p'), ' ').IsPaused);
        Assert.True(Press(screen, 'q').IsLeft);
        Assert.Equal(39, Enumerable.Repeat('j', 100).Aggregate(screen, (s, key) => Press(s, key).Within(40)).Scroll);
        Assert.Equal(screen, Press(screen, 'x'));
    }

    [Fact]
    public void Why_there_is_nothing_newer_is_said_where_it_is_seen()
    {
        var lines = new TopScreen(TopOrder.Name).Render(View(1, 0) with { Problem = "no instance answers" }, s_size);

        Assert.Equal("no instance answers", lines[3]);
    }

    private static TopScreen Press(TopScreen screen, char key) => screen.After(new ConsoleKeyInfo(key, default, false, false, false));

    private TopView View(int services, int unhealthy)
    {
        _time.Advance(Samples.Started.AddHours(2) - _time.GetUtcNow().UtcDateTime);
        var before = Samples.At(_time, [.. Enumerable.Range(0, services).Select(i => Samples.Service($"web-{i:00}"))]);
        _time.Advance(TimeSpan.FromSeconds(1));
        var now = Samples.At(
            _time,
            [
                .. Enumerable.Range(0, services).Select(i => Samples.Service($"web-{i:00}", 1_234 * i, 1_234_567 * i, 12_345_678 * i) with
                {
                    Retries = i / 3, ConnectTime = new(100, 0, null, null, [[1024, 98 + i, 896], [81_920, 2, 65_536]]),
                }),
            ],
            [
                Samples.Backend("10.0.0.1:80", "up"),
                .. Enumerable.Range(0, unhealthy).Select(i =>
                    Samples.Backend($"10.0.0.{i + 2}:80", "down", "connect: connection refused", Samples.Started.AddMinutes(i))),
                Samples.Backend("10.0.1.1:80", "up", isDrained: unhealthy > 0),
            ]);
        return TopView.Of(before, now, ServerAddress.Default, _time);
    }
}
