using L4Lb.BrowserTests.Support;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Who may look, who may act, and who may neither.</summary>
public sealed class SignInTests(Chromium chromium) : IDisposable
{
    private readonly TemporaryFolder _tokens = new();

    [Fact]
    public async Task A_token_is_asked_for_and_kept_for_the_tab_until_signing_out()
    {
        await using var site = await StartAsync();
        await using var tab = await OpenAsync(site);
        await Assertions.Expect(tab.Page.GetByLabel("Token")).ToBeFocusedAsync();
        Assert.Empty(await Axe.FindAsync(tab.Page));
        await SignInAsync(tab, "wrong");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("token");
        await tab.PictureAsync("sign-in");

        await SignInAsync(tab, "operators-token");
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync("Overview");
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync("Overview");

        await tab.Button("Sign out").ClickAsync();
        await Assertions.Expect(tab.Page.GetByLabel("Token")).ToBeVisibleAsync();
        Assert.Null(await tab.Page.EvaluateAsync<string?>("() => sessionStorage.getItem('l4lb-token')"));
    }

    [Fact]
    public async Task A_token_for_looking_shows_what_could_be_done_and_why_it_cannot()
    {
        await using var site = await StartAsync();
        await using var tab = await OpenAsync(site);
        await SignInAsync(tab, "readers-token");
        await Assertions.Expect(tab.Page.Locator("#looking-only")).ToHaveTextAsync("This token is for looking only");
        await tab.GoAsync(site.WebPage);
        var drain = tab.Button($"Drain {site.Servers[0].EndPoint} of default/web");
        await Assertions.Expect(drain).ToBeDisabledAsync();
        await Assertions.Expect(drain).ToHaveAccessibleDescriptionAsync("This token is for looking only");
        await Assertions.Expect(tab.Button("Reload the configuration")).ToBeDisabledAsync();
        await tab.PictureAsync("looking-only");
        Assert.Empty(await Axe.FindAsync(tab.Page));
    }

    [Fact]
    public async Task A_token_for_operators_acts()
    {
        await using var site = await StartAsync();
        await using var tab = await OpenAsync(site);
        await SignInAsync(tab, "operators-token");
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync("Overview");
        await tab.GoAsync(site.WebPage);
        await tab.ConfirmAsync($"Drain {site.Servers[0].EndPoint} of default/web", "Drain");
        await Assertions.Expect(tab.Row($"{site.Servers[0].EndPoint}").First).ToContainTextAsync("drained");
        await Assertions.Expect(tab.Row("(operator token): drain").First).ToBeVisibleAsync();
    }

    public void Dispose() => _tokens.Dispose();

    private Task<Site> StartAsync() => Site.StartAsync(
        isBroken: false,
        "--admin-token-required",
        "--admin-token-file", _tokens.Write("operator", "operators-token\n"),
        "--admin-read-token-file", _tokens.Write("reader", "readers-token\n"));

    private async Task<Tab> OpenAsync(Site site)
    {
        var tab = await chromium.OpenAsync(site.Address);
        tab.Expect("401 (Unauthorized)"); // The browser complains of every answer that is a refusal.
        await tab.GoAsync();
        return tab;
    }

    private static async Task SignInAsync(Tab tab, string token)
    {
        await tab.Page.GetByLabel("Token").FillAsync(token);
        await tab.Button("Sign in").ClickAsync();
    }
}
