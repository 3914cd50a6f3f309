using System.Net;
using System.Text.Json;
using L4Lb.Host.Admin;
using Microsoft.AspNetCore.Mvc;

namespace L4Lb.Host.Client;

/// <summary>What an instance that refuses says, in the terms of who asked.</summary>
internal static class Refusal
{
    /// <summary>Reads the problem of <paramref name="response"/>.</summary>
    public static async Task<ClientException> OfAsync(HttpResponseMessage response, ClientSettings settings, CancellationToken cancellation)
    {
        var problem = await ReadAsync(response, cancellation);
        var address = settings.Address;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when settings.TokenFile is { } file =>
                ClientException.Refused($"{address} does not know the token of {file}; --token-file FILE (L4LB_TOKEN_FILE) names another"),
            HttpStatusCode.Unauthorized =>
                ClientException.Refused($"{address} asks for a token; --token-file FILE (L4LB_TOKEN_FILE) has it"),
            HttpStatusCode.Forbidden =>
                ClientException.Refused($"{problem?.Detail ?? "that is forbidden"}; --token-file FILE names one for operators"),
            HttpStatusCode.TooManyRequests => ClientException.Refused(
                $"{problem?.Detail ?? "too many wrong tokens"}; {address} answers again in {response.Headers.RetryAfter?.Delta?.TotalSeconds ?? 60:0}s"),
            _ when problem is null => ClientException.Unreachable(
                $"{address} answers {(int)response.StatusCode} and is no admin API of this program; --admin ADDRESS (L4LB_ADMIN) says where one is"),
            var status => new ClientException(Cli.ExitCode.Failed, [Words(problem), .. Reasons(problem)])
            {
                IsNotThere = status == HttpStatusCode.NotFound,
            },
        };
    }

    private static string Words(ProblemDetails problem) => (problem.Title, problem.Detail) switch
    {
        ({ } title, { } detail) when problem.Extensions.ContainsKey("errors") => $"{char.ToLowerInvariant(title[0])}{title[1..]}: {detail}",
        var (title, detail) => detail ?? title ?? $"it answers {problem.Status}",
    };

    private static IEnumerable<string> Reasons(ProblemDetails problem) =>
        problem.Extensions.TryGetValue("errors", out var errors) && errors is JsonElement { ValueKind: JsonValueKind.Array } all
            ? all.EnumerateArray().Select(static e => $"{e}")
            : [];

    private static async Task<ProblemDetails?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonSerializer.DeserializeAsync(stream, AdminJson.Default.ProblemDetails, cancellation);
    }
}
