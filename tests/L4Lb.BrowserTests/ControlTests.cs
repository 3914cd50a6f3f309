using L4Lb.BrowserTests.Support;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>What an operator does in the dashboard, and what really becomes of it.</summary>
public sealed class ControlTests(Chromium chromium)
{
    [Fact]
    public async Task A_drain_shifts_the_traffic_and_enabling_brings_it_back()
    {
        await using var site = await Site.StartAsync();
        await using var traffic = new Traffic(site.Web);
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync(site.WebPage);
        var first = site.Servers[0];
        await AskedMoreAsync(first, 10);

        await tab.ConfirmAsync($"Drain {first.EndPoint} of default/web", "Drain");
        await tab.SeesToastAsync($"{first.EndPoint} of default/web is drained");
        await Assertions.Expect(tab.Row($"{first.EndPoint}").First).ToContainTextAsync("drained");
        await AskedMoreAsync(site.Servers[1], 5); // What was chosen before the drain has arrived.
        var before = WebBackend.RequestsOf(first);
        await AskedMoreAsync(site.Servers[1], 40);
        Assert.Equal(before, WebBackend.RequestsOf(first));

        await tab.ConfirmAsync($"Enable {first.EndPoint} of default/web", "Enable");
        await tab.SeesToastAsync($"{first.EndPoint} of default/web is enabled");
        await AskedMoreAsync(first, 20);
        Assert.False((bool)(await site.ReadAsync("api/v1/backends?service=web"))["items"]![0]!["drained"]!);
    }

    [Fact]
    public async Task A_weight_is_set_and_lifted_and_the_shares_follow()
    {
        await using var site = await Site.StartAsync();
        await using var traffic = new Traffic(site.Web);
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync(site.WebPage);
        var last = site.Servers[2].EndPoint;

        await tab.Button($"Weight of {last} of default/web").ClickAsync();
        await tab.Dialog.GetByLabel("Weight").FillAsync("95");
        await tab.Dialog.GetByRole(AriaRole.Button, new() { Name = "Set weight" }).ClickAsync();
        await tab.SeesToastAsync($"{last} of default/web has weight 95");
        await Assertions.Expect(tab.Row($"{last}").First).ToContainTextAsync("95.0 %"); // What is due by 95 of 3 + 2 + 95.
        Assert.Equal(95, (int)(await site.ReadAsync("api/v1/backends?service=web"))["items"]![2]!["weightOverride"]!);

        await tab.ConfirmAsync($"Lift weight of {last} of default/web", "Lift");
        await Assertions.Expect(tab.Row($"{last}").First).ToContainTextAsync("16.7 %");
    }

    [Fact]
    public async Task A_session_that_is_killed_is_closed_to_its_client()
    {
        await using var site = await Site.StartAsync();
        using var client = await TestConnection.ConnectAsync(site.Chat);
        using var other = await TestConnection.ConnectAsync(site.Chat);
        await client.ExchangeAsync(new byte[100]);
        await other.ExchangeAsync(new byte[100]);
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync("sessions");

        await tab.Row($"{client.LocalEndPoint}").GetByRole(AriaRole.Button, new() { Name = "Kill session" }).ClickAsync();
        await tab.Dialog.GetByRole(AriaRole.Button, new() { Name = "Kill", Exact = true }).ClickAsync();

        Assert.Equal(0, (await client.ReceiveToEndAsync()).Bytes);
        await Assertions.Expect(tab.Row($"{client.LocalEndPoint}")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Row($"{other.LocalEndPoint}")).ToHaveCountAsync(1);
        await other.ExchangeAsync(new byte[100]);
    }

    [Fact]
    public async Task Sessions_are_searched_for_and_those_that_fit_are_killed_together()
    {
        await using var site = await Site.StartAsync();
        using var client = await TestConnection.ConnectAsync(site.Chat);
        using var stays = await TestConnection.ConnectAsync(site.Web);
        await client.ExchangeAsync(new byte[100]);
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync("sessions");
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(2);

        await tab.Search("Service").FillAsync("default/chat");
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await tab.ConfirmAsync("Kill the 1 sessions that fit", "Kill 1");

        Assert.Equal(0, (await client.ReceiveToEndAsync()).Bytes);
        await tab.SeesToastAsync("1 sessions are ended");
        tab.Expect("400 (Bad Request)");
        await tab.Search("Service").FillAsync("");
        await tab.Search("Client").FillAsync("nonsense");
        await Assertions.Expect(tab.Page.Locator(".failure")).ToContainTextAsync("must be an IP address or a network");
        await tab.Search("Client").FillAsync("127.0.0.0/8");
        await Assertions.Expect(tab.Row($"{stays.LocalEndPoint}")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_called_off_is_not_done_and_what_is_refused_is_told()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync(site.WebPage);
        var server = site.Servers[0].EndPoint;
        await tab.Button($"Drain {server} of default/web").ClickAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(tab.Dialog).ToHaveCountAsync(0);
        Assert.Equal(3, (int)(await site.ReadAsync("api/v1/services?service=web"))["items"]![0]!["backendsUsable"]!);

        site.Write("kind: [");
        tab.Expect("422");
        await tab.ConfirmAsync("Reload the configuration", "Reload");
        await tab.SeesToastAsync("stays in force");
        await Assertions.Expect(tab.Page.Locator(".toast li").First).ToContainTextAsync("site.yaml:1");
        await tab.PictureAsync("toast");
    }

    /// <summary>Waits until a server has answered so many requests more.</summary>
    private static Task AskedMoreAsync(LoopbackBackend server, int times)
    {
        var enough = WebBackend.RequestsOf(server) + times;
        return Eventually.HoldsAsync($"{server.EndPoint} is asked {times} times", () => WebBackend.RequestsOf(server) >= enough);
    }
}
