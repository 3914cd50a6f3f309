using System.Globalization;
using L4Lb.BrowserTests.Support;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Figures that are of now.</summary>
public sealed class LiveTests(Chromium chromium)
{
    [Fact]
    public async Task Figures_follow_the_traffic_without_a_reload()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync();
        await Assertions.Expect(tab.Tile("New sessions")).ToHaveTextAsync("0/s");
        await Assertions.Expect(tab.Page.Locator(".verdict")).ToContainTextAsync("Everything works: 3 services serve");

        await using (new Traffic(site.Web))
        {
            await Eventually.HoldsAsync("new sessions are counted", async () => await RateAsync(tab) > 5);
            await Eventually.HoldsAsync("the traffic to clients is measured", async () =>
                (await tab.Tile("To clients").InnerTextAsync()).EndsWith("KiB/s", StringComparison.Ordinal));
            await Eventually.HoldsAsync("connects are timed", async () =>
                (await tab.Tile("Connect p99").InnerTextAsync()) is var text && (text.EndsWith("µs", StringComparison.Ordinal) || text.EndsWith("ms", StringComparison.Ordinal)));
            await Assertions.Expect(tab.Row(site.WebKey).First).ToContainTextAsync("/s");
        }

        await Eventually.HoldsAsync("it is still again", async () => await RateAsync(tab) == 0);
    }

    [Fact]
    public async Task A_server_that_goes_is_seen_with_the_reason_and_its_history()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync();
        await Assertions.Expect(tab.Page.Locator(".verdict")).ToContainTextAsync("Everything works");

        await site.StopServerAsync(1);

        var problem = tab.Page.Locator(".verdict li", new() { HasText = "127.77.0.2" });
        await Assertions.Expect(problem).ToContainTextAsync("is down");
        await problem.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync(site.Servers[1].EndPoint.ToString());
        await Assertions.Expect(tab.Page.Locator(".periods li").First).ToContainTextAsync("down");
        await Assertions.Expect(tab.Row($"backend {site.Servers[1].EndPoint} of {site.WebKey} is down")).ToBeVisibleAsync();

        site.StartServer(1);
        await Assertions.Expect(tab.Page.Locator(".periods li").First).ToContainTextAsync("up");
        await Assertions.Expect(tab.Page.Locator(".about")).ToContainTextAsync("up");
    }

    /// <summary>Browsers open six connections to an address, for all tabs together; each tab's stream has one.</summary>
    [Fact]
    public async Task A_tab_that_nobody_looks_at_gives_its_stream_back()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        var (begun, ended) = (0, 0);
        tab.Page.Request += (_, request) => begun += IsStream(request) ? 1 : 0;
        tab.Page.RequestFailed += (_, request) => ended += IsStream(request) ? 1 : 0;
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync();
        await Assertions.Expect(tab.Page.Locator(".verdict")).ToContainTextAsync("Everything works");

        await HideAsync(true);
        await tab.Page.Clock.FastForwardAsync(61_000);
        await Eventually.HoldsAsync("the stream has ended", () => ended == begun);
        var before = begun;

        await HideAsync(false);
        await Eventually.HoldsAsync("it is followed again", () => begun > before);
        await Assertions.Expect(tab.Page.Locator(".banner")).ToHaveCountAsync(0);

        static bool IsStream(IRequest request) => request.Url.Contains("/stream", StringComparison.Ordinal);

        Task HideAsync(bool hidden) => tab.Page.EvaluateAsync(
            "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
            hidden);
    }

    [Fact]
    public async Task While_the_instance_is_away_what_was_known_stays_and_a_banner_says_so()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        tab.Expect("ERR_"); // The browser complains of connections that fail, and there will be some.
        await tab.GoAsync("services");
        await Assertions.Expect(tab.Row(site.WebKey)).ToBeVisibleAsync();

        await site.StopAsync();
        await Assertions.Expect(tab.Page.Locator(".banner")).ToContainTextAsync("Disconnected");
        await tab.PictureAsync("disconnected");
        await Assertions.Expect(tab.Row(site.WebKey)).ToBeVisibleAsync();

        await site.StartProcessAsync();
        await Assertions.Expect(tab.Page.Locator(".banner")).ToHaveCountAsync(0);
        await using var traffic = new Traffic(site.Web);
        await tab.GoAsync();
        await Eventually.HoldsAsync("figures flow again", async () => await RateAsync(tab) > 5);
    }

    private static async Task<double> RateAsync(Tab tab)
    {
        var text = (await tab.Tile("New sessions").InnerTextAsync()).Replace("/s", "");
        var scale = text.EndsWith('k') ? 1000 : 1;
        return double.Parse(text.Replace(" k", ""), CultureInfo.InvariantCulture) * scale;
    }
}
