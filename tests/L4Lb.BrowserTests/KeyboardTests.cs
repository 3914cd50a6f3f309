using L4Lb.BrowserTests.Support;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Everything without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium)
{
    [Fact]
    public async Task A_walk_from_the_first_key_to_a_drained_backend()
    {
        await using var site = await Site.StartAsync();
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.GoAsync();

        await PressAsync(tab, "Tab");
        await Assertions.Expect(tab.Page.GetByText("Skip to content")).ToBeFocusedAsync();
        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Page.Locator("main")).ToBeFocusedAsync();

        await WalkToAsync(tab, "Services", "Shift+Tab");
        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Page.Locator("main h1")).ToBeFocusedAsync();
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync("Services");

        var heading = tab.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Service", Exact = true });
        await Assertions.Expect(heading).ToHaveAttributeAsync("aria-sort", "ascending");
        await WalkToAsync(tab, "Service", "Tab");
        await PressAsync(tab, "Enter");
        await Assertions.Expect(heading).ToHaveAttributeAsync("aria-sort", "descending");

        await WalkToAsync(tab, site.WebKey, "Tab");
        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Page.Locator("main h1")).ToHaveTextAsync(site.WebKey);

        var drain = $"Drain {site.Servers[0].EndPoint} of default/web";
        await WalkToAsync(tab, drain, "Tab");
        Assert.NotEqual("none", await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Dialog).ToBeVisibleAsync();
        await tab.PictureAsync("dialog");
        Assert.Empty(await Axe.FindAsync(tab.Page));
        for (var i = 0; i < 6; i++)
        {
            await PressAsync(tab, "Tab");
            Assert.True(await tab.Page.EvaluateAsync<bool>("() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null"));
        }

        await PressAsync(tab, "Escape");
        await Assertions.Expect(tab.Button(drain)).ToBeFocusedAsync();

        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Dialog).ToBeVisibleAsync();
        await WalkToAsync(tab, "Drain", "Tab");
        await PressAsync(tab, "Enter");
        await tab.SeesToastAsync("is drained");
        await Assertions.Expect(tab.Button(drain.Replace("Drain", "Enable"))).ToBeFocusedAsync();
    }

    private static Task PressAsync(Tab tab, string key) => tab.Page.Keyboard.PressAsync(key);

    /// <summary>Presses a key until what is called so has the focus; figures move meanwhile, the focus must not.</summary>
    private static async Task WalkToAsync(Tab tab, string name, string key)
    {
        for (var i = 0; i < 80; i++)
        {
            await PressAsync(tab, key);
            var focused = await tab.Page.EvaluateAsync<string>(
                "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.replace(/[▲▼]/g, '').trim()");
            if (focused == name)
            {
                return;
            }
        }

        Assert.Fail($"no way to \"{name}\" by {key}");
    }
}
