using L4Lb.SystemTests.Support;
using L4Lb.Testing;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests.Support;

/// <summary>Debian's browser, once for all tests, with nothing that it would ask of the world by itself.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] s_quiet =
    [
        "--no-first-run",
        "--no-default-browser-check",
        "--no-pings",
        "--disable-background-networking",
        "--disable-client-side-phishing-detection",
        "--disable-component-extensions-with-background-pages",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-extensions",
        "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
        "--disable-sync",
        "--disable-quic",
        "--disable-gpu",
        "--metrics-recording-only",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--proxy-server=direct://",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Skips the test, or lets it fail, where there is no browser or the program was built without its dashboard.</summary>
    public static void Require()
    {
        Requirements.Need(File.Exists(Program), "chromium is not installed; eng/install-test-deps.sh installs it");
        var folder = Path.Combine(Path.GetDirectoryName(L4LbProcess.Command[^1])!, "dashboard");
        Requirements.Need(File.Exists(Path.Combine(folder, "index.html")), "the program was built without its dashboard: Node.js was missing");
    }

    /// <summary>A tab of its own, with nothing kept of others.</summary>
    internal async Task<Tab> OpenAsync(Uri site, BrowserNewContextOptions? options = null)
    {
        _playwright ??= await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Eventually.Deadline.TotalMilliseconds);
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = s_quiet });
        return await Tab.OpenAsync(_browser, site, options ?? new BrowserNewContextOptions());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
