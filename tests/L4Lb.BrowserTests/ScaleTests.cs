using System.Diagnostics;
using L4Lb.BrowserTests.Support;
using L4Lb.SystemTests.Support;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Ten thousand services.</summary>
public sealed class ScaleTests(Chromium chromium, ITestOutputHelper output)
{
    private const int Services = 10_000;
    private const int RowsMost = 60;

    /// <summary>Generous: two cores, the browser on the same ones, and whatever else runs there.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Are_listed_filtered_and_sorted_a_page_at_a_time()
    {
        await using var site = await Site.StartAsync(Manifest.Of(Enumerable.Range(0, Services).Select(static i => $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: shop-{{i}}}
            spec: {externalIPs: ["127.78.{{i / 250}}.{{i % 250}}"], ports: [{name: http, port: 8080}]}
            """)));
        await using var tab = await chromium.OpenAsync(site.Address);
        var rows = tab.Page.Locator("tbody tr");

        var started = Stopwatch.GetTimestamp();
        await tab.GoAsync("services");
        await Assertions.Expect(tab.Row("default/shop-0:http")).ToBeVisibleAsync(new() { Timeout = (float)s_patience.TotalMilliseconds });
        output.WriteLine($"first rows after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        Assert.InRange(await rows.CountAsync(), 1, RowsMost);
        await Assertions.Expect(tab.Page.Locator(".found")).ToHaveTextAsync("10,000 of 10,000");

        started = Stopwatch.GetTimestamp();
        await tab.Search("Filter").FillAsync("shop-98");
        await Assertions.Expect(tab.Page.Locator(".found")).ToHaveTextAsync("111 of 10,000");
        output.WriteLine($"filtered after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Assertions.Expect(tab.Row("default/shop-98:http")).ToBeVisibleAsync();

        await tab.Search("Filter").FillAsync("");
        started = Stopwatch.GetTimestamp();
        await tab.Button("Service").ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync("default/shop-9999:http"); // Numbers in names are numbers.
        output.WriteLine($"sorted after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        await tab.Button("Last").ClickAsync();
        await Assertions.Expect(tab.Row("default/shop-0:http")).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 1, RowsMost);

        await tab.GoAsync();
        await Assertions.Expect(tab.Page.Locator(".verdict h2")).ToContainTextAsync("10,000 things fail");
        Assert.InRange(await tab.Page.Locator(".verdict li").CountAsync(), 1, 10);
        await tab.PictureAsync("many");
    }
}
