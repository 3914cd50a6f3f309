using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace L4Lb.Host.Dashboard;

/// <summary>
/// Serves the dashboard at <c>/</c>: files that were built with the program and lie beside it. They hold no data, so they need no
/// token and may be linked to from anywhere; what they show they ask the API for, and that asks for one.
/// </summary>
internal static class DashboardFiles
{
    /// <summary>The name of a file below this has a hash of its content in it: another content is another file.</summary>
    private const string Hashed = "/assets";

    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>Where the files lie.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>Adds the files of <paramref name="folder"/>, or, when it has none, a page that says so.</summary>
    public static void Use(IApplicationBuilder app, string folder)
    {
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.Use(MissingDashboard.HandleAsync);
            return;
        }

        var files = new PhysicalFileProvider(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = Prepare });
    }

    private static void Prepare(StaticFileResponseContext file)
    {
        var (request, headers) = (file.Context.Request, file.Context.Response.Headers);
        BrowserRules.Apply(headers);
        headers.CacheControl = request.Path.StartsWithSegments(Hashed, StringComparison.Ordinal) ? Forever : "no-cache";
    }
}
