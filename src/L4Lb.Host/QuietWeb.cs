using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace L4Lb.Host;

/// <summary>Web servers that are a small part of this process, and behave like it.</summary>
internal static class QuietWeb
{
    /// <summary>
    /// Builds one that reads no settings files or variables, logs nothing unless <paramref name="services"/> say so,
    /// and leaves the process's signals alone.
    /// </summary>
    public static WebApplication Build(Action<KestrelServerOptions> kestrel, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory, // Not the working folder, which may hold a settings file.
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        services?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            kestrel(options);
        });
        return builder.Build();
    }

    /// <summary>The default one would take SIGTERM and SIGINT for itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
