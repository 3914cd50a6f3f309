using System.Net;
using System.Net.Http.Headers;
using L4Lb.K8s.Config;

namespace L4Lb.K8s.Client;

/// <summary>
/// Sends requests with the credentials of the moment. Follows certificates that are renewed by a new handler: requests
/// under way end on the old one, whose connections then close for want of use. Any thread.
/// </summary>
internal sealed class ApiTransport(ApiConnection connection, Func<TlsMaterial, HttpMessageHandler> createHandler) : IDisposable
{
    private static readonly string s_userAgent =
        $"l4lb/{typeof(ApiTransport).Assembly.GetName().Version?.ToString(3)} ({Environment.OSVersion.Platform})";

    private readonly Lock _lock = new();
    private HttpMessageInvoker? _invoker;
    private TlsMaterial? _material;
    private bool _isDisposed;

    /// <summary>
    /// Sends a request; the answer's body is yet to be read. A request that is refused with 401 goes out once more if there
    /// are other credentials.
    /// </summary>
    /// <param name="method">Method.</param>
    /// <param name="path">Path and query, relative to the server's own.</param>
    /// <param name="body">What to send.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ApiBody body, CancellationToken cancellation)
    {
        var credential = await connection.Credentials.GetAsync(cancellation);
        var response = await SendAsync(method, path, body, credential, cancellation);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        connection.Credentials.Reject(credential);
        var other = await connection.Credentials.GetAsync(cancellation);
        if (other == credential)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(method, path, body, other, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _invoker?.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, ApiBody body, ApiCredential credential, CancellationToken cancellation)
    {
        using var request = MakeRequest(method, path, body, credential);
        return await InvokerFor(credential).SendAsync(request, cancellation);
    }

    private HttpRequestMessage MakeRequest(HttpMethod method, string path, ApiBody body, ApiCredential credential)
    {
        var request = new HttpRequestMessage(method, new Uri(connection.Server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        // The handler takes the name for TLS from here, and from nowhere else but the address.
        request.Headers.Host = connection.TlsServerName;
        request.Headers.TryAddWithoutValidation("User-Agent", s_userAgent);
        request.Headers.Accept.Add(new("application/json"));
        if (credential.Authorization is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (!body.Json.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body.Json)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(body.ContentType) },
            };
        }

        return request;
    }

    private HttpMessageInvoker InvokerFor(ApiCredential credential)
    {
        var material = new TlsMaterial(connection.Authority?.Read(), credential.CertificatePem, credential.KeyPem);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_invoker is not null && material == _material)
            {
                return _invoker;
            }

            try
            {
                _invoker = new(createHandler(material), disposeHandler: true);
                _material = material;
            }
            catch (KubernetesConnectionException) when (_invoker is not null)
            {
                // Certificate and key are two files: between the writing of one and the other they do not match.
            }

            return _invoker;
        }
    }
}
