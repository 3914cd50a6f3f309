using System.Collections.Concurrent;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests.Support;

/// <summary>
/// A tab that looks at an instance. When it ends, it says what must not have been: errors on the console, breaches of the content
/// policy, requests to anybody else.
/// </summary>
internal sealed class Tab : IAsyncDisposable
{
    private const string TellBreaches =
        "addEventListener('securitypolicyviolation', e => console.error(`content policy: ${e.violatedDirective} ${e.blockedURI}`))";

    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("L4LB_SCREENSHOTS");

    private readonly IBrowserContext _context;
    private readonly Uri _site;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _strangers = new();
    private readonly List<string> _expected = [];

    private Tab(IBrowserContext context, IPage page, Uri site)
    {
        (_context, Page, _site) = (context, page, site);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{message.Text} ({message.Location})");
        page.PageError += (_, error) => Note(true, error);
        context.Request += (_, request) =>
        {
            var to = new Uri(request.Url);
            if (to.Scheme != "data" && to.Authority != site.Authority)
            {
                _strangers.Enqueue(request.Url);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What was complained of so far.</summary>
    public IEnumerable<string> Errors => _errors.Where(error => !_expected.Any(text => error.Contains(text, StringComparison.Ordinal)));

    public static async Task<Tab> OpenAsync(IBrowser browser, Uri site, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Deadline.TotalMilliseconds);
        await context.AddInitScriptAsync(TellBreaches);
        return new Tab(context, await context.NewPageAsync(), site);
    }

    /// <summary>The browser complains of what the test brings about itself.</summary>
    public void Expect(string complaint) => _expected.Add(complaint);

    /// <summary>Opens a page of the dashboard, such as <c>services</c>, and waits for its heading.</summary>
    public async Task GoAsync(string page = "")
    {
        await Page.GotoAsync(new Uri(_site, $"/#/{page}").AbsoluteUri);
        await Assertions.Expect(Page.Locator("main h1")).ToBeVisibleAsync();
    }

    /// <summary>Takes a picture of the whole page, where <c>L4LB_SCREENSHOTS</c> names a folder for that.</summary>
    public async Task PictureAsync(string name)
    {
        if (s_pictures is not null)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(s_pictures, $"{name}.png"), FullPage = true });
        }
    }

    /// <summary>The row of a table that has a text in it.</summary>
    public ILocator Row(string text) => Page.Locator("tbody tr", new() { HasText = text });

    /// <summary>A button by what it is called.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A field that narrows a list down.</summary>
    public ILocator Search(string name) => Page.GetByRole(AriaRole.Searchbox, new() { Name = name, Exact = true });

    /// <summary>The dialog that is open.</summary>
    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>The figure of a tile, such as <c>New sessions</c>.</summary>
    public ILocator Tile(string name) => Page.Locator(".tile", new() { Has = Page.GetByText(name, new() { Exact = true }) }).Locator(".tile-value");

    /// <summary>Presses a button, and the one in the dialog that then asks.</summary>
    public async Task ConfirmAsync(string button, string answer)
    {
        await Button(button).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true }).ClickAsync();
    }

    /// <summary>Waits for a message with a text in it.</summary>
    public Task SeesToastAsync(string text) =>
        Assertions.Expect(Page.Locator(".toast", new() { HasText = text })).ToBeVisibleAsync();

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_strangers);
        Assert.Empty(Errors);
    }

    private void Note(bool isError, string text)
    {
        if (isError)
        {
            _errors.Enqueue(text);
        }
    }
}
