using L4Lb.BrowserTests.Support;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Every page, in both themes, wide and narrow.</summary>
public sealed class PagesTests(Chromium chromium)
{
    private const int NarrowWidth = 390;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1440, 900)]
    [InlineData(ColorScheme.Light, NarrowWidth, 844)]
    [InlineData(ColorScheme.Dark, NarrowWidth, 844)]
    public async Task Show_what_there_is_and_keep_nobody_out(ColorScheme theme, int width, int height)
    {
        await using var site = await Site.StartAsync(isBroken: true);
        await using var traffic = new Traffic(site.Web);
        using var chatter = await TestConnection.ConnectAsync(site.Chat);
        await chatter.ExchangeAsync(new byte[1000]);
        using var asker = new DatagramSocket(site.Dns);
        await site.StopServerAsync(2);
        await using var tab = await chromium.OpenAsync(site.Address, new()
        {
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = height },
        });

        (string Name, string Path, string Text)[] pages =
        [
            ("overview", "", "1 thing fails"),
            ("services", "services", site.WebKey),
            ("service", site.WebPage, "127.77.0.1"),
            ("backends", "backends", "127.77.0.3"),
            ("backend", site.ServerPage(2), "Connection refused"),
            ("sessions", "sessions", $"{chatter.LocalEndPoint}"),
            ("flows", "flows", $"{asker.EndPoint}"),
            ("affinity", "affinity", "127.0.0.1"),
            ("addresses", "addresses", $"{site.Web}/tcp"),
            ("events", "events", "is down"),
        ];
        await tab.GoAsync();
        await Assertions.Expect(tab.Page.Locator(".verdict")).ToContainTextAsync("is down"); // The checks have noticed.
        List<string> findings = [];
        foreach (var (name, path, text) in pages)
        {
            asker.Send(new byte[40]); // A flow that is silent ends.
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync(text);
            await Assertions.Expect(tab.Page.Locator(".pages [aria-current]")).ToBeInViewportAsync(new() { Ratio = 0.9f });
            findings.AddRange((await Axe.FindAsync(tab.Page)).Select(finding => $"{name}: {finding}"));
            var wide = await tab.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth");
            Assert.True(wide <= width, $"{name}: {wide} pixels do not fit in {width}");
            await tab.PictureAsync($"{name}-{theme}-{width}".ToLowerInvariant());
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task Have_titles_of_their_own_and_say_what_is_not_there()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync("services");
        await Assertions.Expect(tab.Page).ToHaveTitleAsync("services · L4Lb");
        await tab.GoAsync("services/default/nobody/p1");
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("There is no such service port");
        await tab.GoAsync("nowhere");
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("There is no such page");
    }

    [Fact]
    public async Task Say_that_nothing_is_configured()
    {
        await using var site = await Site.StartAsync("apiVersion: v1\nkind: List\nitems: []\n");
        await using var tab = await chromium.OpenAsync(site.Address);
        (string Path, string Text)[] pages =
        [
            ("", "Nothing is configured"),
            ("services", "No service is configured"),
            ("backends", "No service has a backend"),
            ("sessions", "Nobody is connected"),
            ("flows", "Nobody talks by UDP"),
            ("affinity", "No client keeps a backend"),
            ("addresses", "No Service waits for an address"),
        ];
        foreach (var (path, text) in pages)
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync(text);
        }
    }

    [Fact]
    public async Task Are_light_or_dark_as_the_system_is_until_somebody_chooses_and_that_is_remembered()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address, new() { ColorScheme = ColorScheme.Dark });
        await tab.GoAsync();
        Task<string> Ground() => tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        var dark = await Ground();
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var light = await Ground();
        Assert.NotEqual(dark, light);

        await tab.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        Assert.Equal(dark, await Ground());
        await tab.Page.ReloadAsync();
        await tab.GoAsync();
        Assert.Equal(dark, await Ground());
        await tab.Page.GetByLabel("Theme").SelectOptionAsync("auto");
        Assert.Equal(light, await Ground());
    }
}
