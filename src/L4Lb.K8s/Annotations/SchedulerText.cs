using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>Reads <c>name,param=value,flag</c>.</summary>
public static class SchedulerText
{
    /// <summary>Reads a scheduler; whether its name and parameters exist is for the catalog to say.</summary>
    /// <returns>What is wrong with the syntax, or null.</returns>
    public static string? Parse(string text, out SchedulerSpec scheduler)
    {
        scheduler = SchedulerSpec.RoundRobin;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (!IsName(parts[0]))
        {
            return "expected a scheduler's name, then its parameters: name,parameter=value,flag";
        }

        var parameters = new List<SchedulerParameter>();
        foreach (var part in parts.AsSpan(1))
        {
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            if (!IsName(name))
            {
                return $"\"{part}\" is not a parameter: expected parameter=value or a bare name";
            }

            if (parameters.Exists(p => p.Name == name))
            {
                return $"parameter \"{name}\" is there twice";
            }

            parameters.Add(new(name, equals < 0 ? "" : part[(equals + 1)..].TrimStart()));
        }

        scheduler = new(parts[0], parameters.ToEquatableArray());
        return null;
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
