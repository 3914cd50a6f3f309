using System.Net;
using System.Text;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>An engine with real traffic, and what is measured of it.</summary>
internal sealed class MeasuredEngine : IAsyncDisposable
{
    private readonly LoopbackBackend _backend = LoopbackBackend.Echo();
    private long _revision;

    public LoadBalancer Engine { get; } = new(new LoadBalancerOptions { Shards = 2 });

    public InstanceStatus Status { get; } = new();

    public static async Task<MeasuredEngine> StartAsync(params ServiceSpec[] services)
    {
        var started = new MeasuredEngine();
        started.Engine.Start();
        await started.ApplyAsync(services);
        return started;
    }

    /// <summary>A service on this machine with the echo behind it, and with others that nobody answers at.</summary>
    public ServiceSpec Service(string name, params string[] others) => new()
    {
        Key = new("shop", name, "http"),
        Listens = [new ListenSpec { Address = Loopback.FreeEndPoint() }],
        Backends = [new BackendSpec { Address = _backend.EndPoint }, .. others.Select(o => new BackendSpec { Address = IPEndPoint.Parse(o) })],
        Scheduler = new SchedulerSpec("first"),
    };

    public async Task ApplyAsync(params ServiceSpec[] services)
    {
        var applied = await Engine.ApplyAsync(new DesiredState { Revision = ++_revision, Services = [.. services] });
        Assert.True(applied.Accepted);
        Status.Applied(_revision);
    }

    /// <summary>Sessions of a few bytes, one after the other, each over before this ends.</summary>
    public async Task AskAsync(ServiceSpec service, int sessions, int bytes = 100)
    {
        var before = Engine.GetTotals().Closed[CloseReason.Completed];
        for (var i = 0; i < sessions; i++)
        {
            using var client = await TestConnection.ConnectAsync(service.Listens[0].Address);
            await client.SendAsync(new byte[bytes]);
            await client.ReceiveExactlyAsync(bytes);
            client.FinishSending();
            await client.ReceiveToEndAsync();
        }

        await Eventually.EqualsAsync(before + sessions, () => Engine.GetTotals().Closed[CloseReason.Completed], "sessions that are over");
    }

    public MetricsSource Source(MetricsSettings? settings = null) => new(Engine, Status, settings ?? new MetricsSettings());

    /// <summary>A scrape as lines.</summary>
    public static async Task<string[]> ScrapeAsync(Scraper scraper, TextFormat? format = null)
    {
        using var memory = new MemoryStream();
        var text = await scraper.ScrapeAsync(format ?? TextFormat.Prometheus);
        await text.CopyToAsync(memory, CancellationToken.None);
        Assert.Equal(memory.Length, text.Length);
        return Encoding.UTF8.GetString(memory.ToArray()).TrimEnd('\n').Split('\n');
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
