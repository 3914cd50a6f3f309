using System.Buffers;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Client;

/// <summary>Asks and reads the whole answer, within a time limit. Whatever goes wrong is an <see cref="ApiException"/>.</summary>
internal sealed class ApiCalls(ApiTransport transport, ApiClientOptions options)
{
    // A Status has a few hundred bytes; the rest of a proxy's page is of no interest.
    private const int MaxRefusalBytes = 64 * 1024;

    // Who changed which field when: up to half of what is sent, and of no interest here.
    private const string PassedOver = "managedFields";

    /// <summary>The object that is answered.</summary>
    /// <param name="method">Method.</param>
    /// <param name="path">Path and query, relative to the server's own.</param>
    /// <param name="body">What to send; none by default.</param>
    /// <param name="limit">How long all may take.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<MappingNode> CallAsync(
        HttpMethod method, string path, ApiBody body, TimeSpan limit, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        return await CallAsync(method, path, body, answer, limit, cancellation);
    }

    /// <summary>The same, with <paramref name="answer"/> to read it into: pages of megabytes need not make garbage of that size.</summary>
    public async Task<MappingNode> CallAsync(
        HttpMethod method, string path, ApiBody body, MemoryStream answer, TimeSpan limit, CancellationToken cancellation)
    {
        var request = $"{method} /{path}";
        using var timeout = new CancellationTokenSource(limit, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var response = await transport.SendAsync(method, path, body, either.Token);
            await EnsureSuccessAsync(response, request, options.Time, either.Token);
            await ReadAsync(response.Content, answer, options.MaxAnswerBytes, either.Token);
            return answer.Length <= options.MaxAnswerBytes
                ? Parse(answer.GetBuffer().AsSpan(0, (int)answer.Length), request)
                : throw ApiFailure.Unreachable(request, $"the answer is longer than {options.MaxAnswerBytes:N0} bytes");
        }
        catch (Exception e) when (ApiFailure.IsExpected(e))
        {
            throw ApiFailure.Of(e, request, limit, cancellation);
        }
    }

    /// <summary>Throws what the server says unless it does what it is asked.</summary>
    public static async Task EnsureSuccessAsync(
        HttpResponseMessage response, string request, TimeProvider time, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        using var body = new MemoryStream();
        await ReadAsync(response.Content, body, MaxRefusalBytes, cancellation);
        var status = ApiStatus.Read(
            (int)response.StatusCode, response.Headers, body.GetBuffer().AsSpan(0, (int)body.Length), time.GetUtcNow());
        throw new ApiException(status, request);
    }

    /// <summary>The JSON object in <paramref name="utf8"/>.</summary>
    public static MappingNode Parse(ReadOnlySpan<byte> utf8, string request)
    {
        try
        {
            return JsonTreeReader.Read(utf8, PassedOver) as MappingNode ?? throw ApiFailure.Unreachable(request, "the answer is no JSON object");
        }
        catch (TreeException e)
        {
            throw ApiFailure.Unreachable(request, $"the answer is {e.Message}", e);
        }
    }

    // Stops soon after max.
    private static async Task ReadAsync(HttpContent content, MemoryStream body, int max, CancellationToken cancellation)
    {
        body.SetLength(0);
        using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            for (int count; body.Length <= max && (count = await stream.ReadAsync(buffer, cancellation)) > 0;)
            {
                body.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>What a request carries.</summary>
/// <param name="Json">The JSON, UTF-8; empty for none.</param>
/// <param name="ContentType">What it is.</param>
internal readonly record struct ApiBody(ReadOnlyMemory<byte> Json, string ContentType)
{
    /// <summary>A whole object.</summary>
    public static ApiBody Object(ReadOnlyMemory<byte> json) => new(json, "application/json");

    /// <summary>A patch as of RFC 7386.</summary>
    public static ApiBody MergePatch(ReadOnlyMemory<byte> json) => new(json, "application/merge-patch+json");
}
