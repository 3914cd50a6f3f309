using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Client;

/// <summary>How a Status comes out of an answer.</summary>
internal sealed partial record ApiStatus
{
    // Enough to recognise a proxy's page by.
    private const int MaxQuotedCharacters = 200;

    /// <summary>What a refusal says: the server as a Status, whatever is between us and it in its own way.</summary>
    /// <param name="code">HTTP status code.</param>
    /// <param name="headers">For <c>Retry-After</c>, which counts more than the Status' own.</param>
    /// <param name="body">The whole body, or its beginning.</param>
    /// <param name="now">A <c>Retry-After</c> may be a date.</param>
    public static ApiStatus Read(int code, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var status = ParseOrNull(body) is { } root && root.Text("kind") == "Status"
            ? Read(root, code)
            : new ApiStatus(code, "", Quote(code, body));
        var wait = headers.RetryAfter is { } after ? after.Delta ?? (after.Date - now) : null;
        return wait is null ? status : status with { RetryAfter = NotNegative(wait.Value) };
    }

    /// <summary>The Status in <paramref name="root"/>.</summary>
    /// <param name="root">A Status.</param>
    /// <param name="code">The code when the Status names none.</param>
    public static ApiStatus Read(MappingNode root, int code)
    {
        code = root.Int32("code") ?? code;
        var reason = root.Text("reason") ?? "";
        var message = root.Text("message") is { Length: > 0 } text ? text : Name(code, reason);
        var seconds = root.Object("details").Int32("retryAfterSeconds");
        return new(code, reason, message) { RetryAfter = seconds > 0 ? TimeSpan.FromSeconds(seconds.Value) : null };
    }

    private static MappingNode? ParseOrNull(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonTreeReader.Read(body) as MappingNode;
        }
        catch (TreeException)
        {
            return null;
        }
    }

    private static string Quote(int code, ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        foreach (var c in Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4 * MaxQuotedCharacters)]))
        {
            // A page is of many lines, a message of one.
            var isSpace = char.IsWhiteSpace(c) || char.IsControl(c);
            if (!isSpace || (text.Length > 0 && text[^1] != ' '))
            {
                text.Append(isSpace ? ' ' : c);
            }
        }

        var quoted = text.ToString().TrimEnd();
        return quoted.Length == 0
            ? Name(code, "")
            : $"{Name(code, "")}: {(quoted.Length <= MaxQuotedCharacters ? quoted : quoted[..MaxQuotedCharacters] + "…")}";
    }

    private static string Name(int code, string reason) =>
        reason.Length > 0 ? reason : string.Create(CultureInfo.InvariantCulture, $"HTTP {code} {(System.Net.HttpStatusCode)code}");

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
