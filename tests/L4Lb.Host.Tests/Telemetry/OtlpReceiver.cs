using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>A collector on this machine that takes OTLP by HTTP, and keeps what came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

    private OtlpReceiver()
    {
        _app = QuietWeb.Build(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The points of every export of metrics so far, oldest first.</summary>
    public IReadOnlyList<OtlpPoint[]> Metrics => [.. _received.Where(static r => r.Path == "/v1/metrics").Select(static r => OtlpMessages.Metrics(r.Body).ToArray())];

    /// <summary>The names of the spans that came.</summary>
    public IReadOnlyList<string> Spans => [.. _received.Where(static r => r.Path == "/v1/traces").SelectMany(static r => OtlpMessages.Spans(r.Body))];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
