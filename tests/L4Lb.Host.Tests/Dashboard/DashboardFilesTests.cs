using System.Net;
using L4Lb.Host.Dashboard;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;
using Microsoft.AspNetCore.Builder;

namespace L4Lb.Host.Tests.Dashboard;

public sealed class DashboardFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_front_page_is_asked_for_again_and_what_has_a_hash_in_its_name_is_not()
    {
        _folder.Write("index.html", "<title>ours</title>");
        _folder.Write("assets/index-Ab12.js", "1");
        await using var site = await StartAsync();

        using var page = await site.Http.GetAsync("/");
        Assert.Equal("<title>ours</title>", await page.Content.ReadAsStringAsync());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        Assert.NotNull(page.Headers.ETag);
        using var script = await site.Http.GetAsync("/assets/index-Ab12.js");
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/index-Ab12.js")]
    public async Task Browsers_are_told_to_keep_to_our_files(string path)
    {
        _folder.Write("index.html", "");
        _folder.Write("assets/index-Ab12.js", "1");
        await using var site = await StartAsync();

        using var answer = await site.Http.GetAsync(path);

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("/nothing.js")]
    [InlineData("/../secret")]
    [InlineData("/%2e%2e/secret")]
    [InlineData("/assets/..%2f..%2fsecret")]
    public async Task Nothing_else_is_served(string path)
    {
        _folder.Write("secret", "not ours to give");
        _folder.Write("site/index.html", "");
        await using var site = await StartAsync("site");

        using var answer = await site.Http.GetAsync(path);

        Assert.NotEqual("not ours to give", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_build_without_it_says_what_would_help_and_passes_everything_else_on()
    {
        await using var site = await StartAsync();

        using var page = await site.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("This build has no dashboard", await page.Content.ReadAsStringAsync());
        Assert.Contains("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        using var other = await site.Http.GetAsync("/other");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var post = await site.Http.PostAsync("/", null);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Fact]
    public async Task Pages_elsewhere_may_link_to_it_and_may_still_not_ask_the_api()
    {
        await using var rig = await AdminRig.StartAsync();
        rig.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        using var page = await rig.Http.GetAsync("/");
        using var data = await rig.Http.GetAsync("/api/v1/access");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, data.StatusCode);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<StaticSite> StartAsync(string folder = "") => await StaticSite.StartAsync(_folder.File(folder));

    /// <summary>A server that has the files alone.</summary>
    private sealed class StaticSite(WebApplication app) : IAsyncDisposable
    {
        public HttpClient Http { get; private set; } = null!;

        public static async Task<StaticSite> StartAsync(string folder)
        {
            var app = QuietWeb.Build(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            DashboardFiles.Use(app, folder);
            await app.StartAsync();
            return new StaticSite(app) { Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) } };
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await app.DisposeAsync();
        }
    }
}
