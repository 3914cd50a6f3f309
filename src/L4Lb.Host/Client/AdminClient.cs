using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using L4Lb.Host.Admin;

namespace L4Lb.Host.Client;

/// <summary>
/// Asks the admin API of an instance. Whatever goes wrong is a <see cref="ClientException"/> that says what would help; fields that
/// this version does not know are passed over.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ClientSettings _settings;

    private AdminClient(HttpClient http, ClientSettings settings) => (_http, _settings) = (http, settings);

    /// <summary>Where it asks.</summary>
    public ServerAddress Address => _settings.Address;

    /// <summary>Makes one; nothing is asked yet.</summary>
    /// <exception cref="ClientException">A file cannot be read.</exception>
    public static AdminClient Create(ClientSettings settings)
    {
        var token = settings.TokenFile is { } file ? ReadToken(file) : null;
        var http = new HttpClient(AdminHandler.Create(settings)) { BaseAddress = settings.Address.Base, Timeout = settings.Timeout };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return new AdminClient(http, settings);
    }

    /// <summary>Reads <c>/api/v1/</c><paramref name="path"/>.</summary>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, null, type, cancellation);

    /// <summary>Asks for something to be done.</summary>
    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri($"/api/v1/{path}", UriKind.Relative)) { Content = body };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw await Refusal.OfAsync(response, _settings, cancellation);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellation)
                ?? throw ClientException.Unreachable($"{Address} answers {method} {path} with nothing");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ClientException.Unreachable(Unreachable.Describe(e, Address));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw ClientException.Unreachable(
                $"{Address} does not answer within {_settings.Timeout.TotalSeconds:0.###}s; --request-timeout gives it more time");
        }
        catch (JsonException e)
        {
            throw ClientException.Unreachable($"{Address} answers what this version ({Product.Version}) cannot read: {e.Message}");
        }
    }

    /// <summary>
    /// The items of a list that comes in parts, one part after the other as they are wanted, each with at most
    /// <paramref name="most"/>.
    /// </summary>
    public async IAsyncEnumerable<T> PagesAsync<T>(
        string path,
        string query,
        int most,
        JsonTypeInfo<PageAnswer<T>> type,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (long? after = 0; after is { } last;)
        {
            var from = last > 0 ? $"&after={last}" : "";
            var page = await GetAsync($"{path}?limit={Math.Clamp(most, 1, Page.Most)}{from}{query}", type, cancellation);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            after = page.Next;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } token && token.All(static c => c is > ' ' and <= '~')
                ? token
                : throw ClientException.Unreachable($"--token-file {file}: has no token");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ClientException.Unreachable($"--token-file {file}: {e.Message}");
        }
    }
}
