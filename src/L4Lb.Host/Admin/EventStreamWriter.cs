using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace L4Lb.Host.Admin;

/// <summary>Writes server-sent events (WHATWG HTML, §9.2).</summary>
internal sealed class EventStreamWriter
{
    private readonly HttpResponse _response;

    /// <summary>Begins the stream.</summary>
    public EventStreamWriter(HttpResponse response)
    {
        _response = response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // A proxy that buffers would show nothing for minutes.
    }

    /// <summary>Writes one; it goes out with the next flush.</summary>
    public async Task WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await _response.WriteAsync($"event: {name}\ndata: ", cancellation);
        await JsonSerializer.SerializeAsync(_response.Body, value, type, cancellation);
        await _response.WriteAsync("\n\n", cancellation);
    }

    /// <summary>Sends what is written.</summary>
    public Task FlushAsync(CancellationToken cancellation) => _response.Body.FlushAsync(cancellation);
}
