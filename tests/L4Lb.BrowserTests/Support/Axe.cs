using System.Text.Json;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests.Support;

/// <summary>Deque's axe-core, which looks for what keeps people from using a page.</summary>
internal static class Axe
{
    private static readonly string s_script = Path.Combine(FrontEnd.Folder, "node_modules", "axe-core", "axe.min.js");

    /// <summary>What it finds that is serious or critical, in words.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        // Evaluated by the debugger, which the page's content policy does not bind.
        await page.EvaluateAsync(await File.ReadAllTextAsync(s_script));
        var found = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return
        [
            .. found.GetProperty("violations").EnumerateArray()
                .Where(static v => v.GetProperty("impact").GetString() is "serious" or "critical")
                .Select(static v => $"{v.GetProperty("id")}: {v.GetProperty("help")}\n  "
                    + string.Join("\n  ", v.GetProperty("nodes").EnumerateArray().Take(5).Select(static n => $"{n.GetProperty("html")} {n.GetProperty("any")}"))),
        ];
    }
}
