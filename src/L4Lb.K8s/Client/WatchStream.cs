using System.Buffers;
using System.IO.Pipelines;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Client;

/// <summary>The events of one watch: a JSON object a line. Used by one reader.</summary>
internal sealed class WatchStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly PipeReader _reader;
    private readonly ApiClientOptions _options;
    private readonly string _request;

    // Both end a read; the first of them is the caller's, the second goes off when nothing comes.
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _either;

    private WatchStream(
        HttpResponseMessage response, Stream stream, string request, ApiClientOptions options, CancellationToken cancellation)
    {
        (_response, _request, _options, _cancellation) = (response, request, options, cancellation);
        _reader = PipeReader.Create(stream, new(bufferSize: 64 * 1024));
        _silence = new(Timeout.InfiniteTimeSpan, options.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _silence.Token);
    }

    /// <summary>Starts a watch; returns when the server has accepted it.</summary>
    public static async Task<WatchStream> OpenAsync(
        ApiTransport transport, string path, ApiClientOptions options, CancellationToken cancellation)
    {
        var request = $"WATCH /{path}";
        using var timeout = new CancellationTokenSource(options.CallTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        HttpResponseMessage? response = null;
        try
        {
            response = await transport.SendAsync(HttpMethod.Get, path, default, either.Token);
            await ApiCalls.EnsureSuccessAsync(response, request, options.Time, either.Token);
            return new(response, await response.Content.ReadAsStreamAsync(either.Token), request, options, cancellation);
        }
        catch (Exception e)
        {
            response?.Dispose();
            if (!ApiFailure.IsExpected(e))
            {
                throw;
            }

            throw ApiFailure.Of(e, request, options.CallTimeout, cancellation);
        }
    }

    /// <summary>The next event; null when the server has ended the watch, as it does after the time it was asked for.</summary>
    /// <exception cref="ApiException">The server reports an error, falls silent, or the connection breaks.</exception>
    public async ValueTask<WatchEvent<T>?> ReadAsync<T>(Resource<T> resource)
        where T : KubeObject
    {
        try
        {
            while (true)
            {
                var read = await ReadBytesAsync();
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = read.Buffer.Slice(0, end);
                    WatchEvent<T>? next = IsBlank(line) ? null : Parse(resource, line);
                    _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    if (next is not null)
                    {
                        return next;
                    }
                }
                else if (read.IsCompleted)
                {
                    return IsBlank(read.Buffer) ? null : throw ApiFailure.Unreachable(_request, "the connection ended in the middle of an event");
                }
                else
                {
                    EnsureNotTooLong(read.Buffer);
                    _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                }
            }
        }
        catch (Exception e) when (ApiFailure.IsExpected(e))
        {
            throw ApiFailure.Of(e, _request, _options.WatchIdleTimeout, _cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _response.Dispose();
        _either.Dispose();
        _silence.Dispose();
    }

    // The time that the reader takes between two events is no silence of the server's.
    private async ValueTask<ReadResult> ReadBytesAsync()
    {
        var read = _reader.ReadAsync(_either.Token);
        if (read.IsCompleted)
        {
            return await read;
        }

        _silence.CancelAfter(_options.WatchIdleTimeout);
        var result = await read;
        _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        return result;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line) => line.Length <= 2 && line.ToArray().AsSpan().Trim("\r "u8).IsEmpty;

    private void EnsureNotTooLong(ReadOnlySequence<byte> line)
    {
        if (line.Length > _options.MaxEventBytes)
        {
            throw ApiFailure.Unreachable(_request, $"an event is longer than {_options.MaxEventBytes:N0} bytes");
        }
    }

    private WatchEvent<T> Parse<T>(Resource<T> resource, ReadOnlySequence<byte> line)
        where T : KubeObject
    {
        EnsureNotTooLong(line);
        var root = ApiCalls.Parse(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), _request);
        var node = root.Object("object") ?? throw ApiFailure.Unreachable(_request, "an event has no object");
        var type = root.Text("type");
        return type switch
        {
            "ADDED" => Changed(WatchEventType.Added, resource, node),
            "MODIFIED" => Changed(WatchEventType.Modified, resource, node),
            "DELETED" => Changed(WatchEventType.Deleted, resource, node),
            "BOOKMARK" => new(WatchEventType.Bookmark, null, node.Object("metadata").Text("resourceVersion") ?? ""),
            "ERROR" => throw new ApiException(ApiStatus.Read(node, 500), _request),
            _ => throw ApiFailure.Unreachable(_request, $"an event is of the unknown type {type}"),
        };
    }

    private static WatchEvent<T> Changed<T>(WatchEventType type, Resource<T> resource, MappingNode node)
        where T : KubeObject
    {
        var value = resource.Read(node);
        return new(type, value, value.Metadata.ResourceVersion);
    }
}
