using System.Globalization;

namespace L4Lb.K8s.Annotations;

/// <summary>
/// Checks <c>tcp,interval=2s</c> and its like, so that a manifest which is accepted today means the same once
/// probes are done.
/// </summary>
internal static class HealthCheckText
{
    private const string Kinds = "none, tcp, http:/path or udp:SEND/EXPECT";

    /// <summary>What is wrong with <paramref name="text"/>, or null.</summary>
    public static string? Problem(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var kind = parts[0];
        var isKind = kind is "none" or "tcp"
            || kind.StartsWith("http:/", StringComparison.Ordinal)
            || (kind.StartsWith("udp:", StringComparison.Ordinal) && kind.Contains('/'));
        if (!isKind)
        {
            return $"expected {Kinds}, then interval=, timeout=, rise=, fall=, port=";
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in parts.AsSpan(1))
        {
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            if (!names.Add(name))
            {
                return $"\"{name}\" is there twice";
            }

            if (ParameterProblem(name, equals < 0 ? "" : part[(equals + 1)..]) is { } problem)
            {
                return $"\"{part}\": {problem}";
            }
        }

        return null;
    }

    private static string? ParameterProblem(string name, string value) => name switch
    {
        "interval" or "timeout" => GoDuration.TryParse(value, out var time) && time > TimeSpan.Zero
            ? null
            : "expected a duration such as 250ms or 2s",
        "rise" or "fall" => IsNumber(value, 1000) ? null : "expected a number from 1 to 1000",
        "port" => IsNumber(value, 65535) ? null : "expected a port from 1 to 65535",
        _ => "expected interval=, timeout=, rise=, fall= or port=",
    };

    private static bool IsNumber(string value, int largest) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= largest;
}
