namespace L4Lb.Host.Dashboard;

/// <summary>What stands at <c>/</c> when the program was built without the dashboard.</summary>
internal static class MissingDashboard
{
    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>L4Lb</title></head>
        <body>
        <main>
        <h1>L4Lb</h1>
        <p>This build has no dashboard: it is made by Node.js 18 or later, with npm, when the program is built, and they were not there
        or <code>-p:Dashboard=false</code> was given. Install them (Debian: <code>apt-get install nodejs npm</code>) and build again.</p>
        <p>The admin API works: <a href="openapi/v1.json">what it answers</a>, <a href="api/v1/status">status</a>,
        <a href="readyz">readyz</a>. <code>l4lb top</code> and <code>l4lb get services</code> show the same in a terminal.</p>
        </main>
        </body>
        </html>
        """;

    /// <summary>Middleware: answers for the front page and passes everything else on.</summary>
    public static Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path != "/" || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            return next(context);
        }

        BrowserRules.Apply(response.Headers);
        response.Headers.CacheControl = "no-cache";
        response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.WriteAsync(Page, context.RequestAborted);
    }
}
