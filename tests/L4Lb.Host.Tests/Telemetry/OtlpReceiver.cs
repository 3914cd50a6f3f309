using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>A collector on this machine that takes OTLP by HTTP, or by gRPC on HTTP/2 without TLS, and keeps what came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Metric = "metrics";
    private const string Trace = "trace";

    /// <summary>Of a message in a stream: whether it is compressed, and its length (grpc/doc/PROTOCOL-HTTP2.md).</summary>
    private const int FrameHead = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = [];

    private OtlpReceiver(bool isGrpc)
    {
        Protocol = isGrpc ? "grpc" : "http/protobuf";
        _app = QuietWeb.Build(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        if (isGrpc)
        {
            MapGrpc(Metric, "opentelemetry.proto.collector.metrics.v1.MetricsService");
            MapGrpc(Trace, "opentelemetry.proto.collector.trace.v1.TraceService");
        }
        else
        {
            MapHttp(Metric, "/v1/metrics");
            MapHttp(Trace, "/v1/traces");
        }
    }

    /// <summary>As OTEL_EXPORTER_OTLP_PROTOCOL has it.</summary>
    public string Protocol { get; }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>How many exports were compressed.</summary>
    public int Compressed { get; private set; }

    /// <summary>The points of every export of metrics so far, oldest first.</summary>
    public IReadOnlyList<OtlpPoint[]> Metrics => [.. _received.Where(static r => r.Signal == Metric).Select(static r => OtlpMessages.Metrics(r.Body).ToArray())];

    /// <summary>The names of the spans that came.</summary>
    public IReadOnlyList<string> Spans => [.. _received.Where(static r => r.Signal == Trace).SelectMany(static r => OtlpMessages.Spans(r.Body))];

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc = false)
    {
        var receiver = new OtlpReceiver(isGrpc);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void MapHttp(string signal, string path) => _app.MapPost(path, async (HttpContext context) =>
    {
        _received.Enqueue((signal, await ReadAsync(context.Request.Body)));
        context.Response.ContentType = "application/x-protobuf";
    });

    private void MapGrpc(string signal, string service) => _app.MapPost($"/{service}/Export", async (HttpContext context) =>
    {
        Assert.Equal("application/grpc", context.Request.ContentType);
        Assert.Equal("trailers", context.Request.Headers.TE);
        var frame = await ReadAsync(context.Request.Body);
        var message = frame[FrameHead..];
        Assert.Equal(message.Length, BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)));
        if (frame[0] == 1)
        {
            Compressed++;
            Assert.Equal("gzip", context.Request.Headers["grpc-encoding"]);
            using var zipped = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
            message = await ReadAsync(zipped);
        }

        _received.Enqueue((signal, message));
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[FrameHead]); // An answer in which nothing is said.
        context.Response.AppendTrailer("grpc-status", "0");
    });

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var body = new MemoryStream();
        await stream.CopyToAsync(body);
        return body.ToArray();
    }
}
