using System.Globalization;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>Valid parameters of one scheduler with the defaults filled in. Immutable.</summary>
public sealed class SchedulerParameters
{
    // The longest duration that is a number of milliseconds without risk of overflow wherever it is added.
    private const long DurationMostMs = 365L * 24 * 3600 * 1000;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    internal SchedulerParameters(SchedulerDefinition definition, SchedulerSpec spec)
    {
        foreach (var parameter in definition.Parameters)
        {
            _values[parameter.Name] = parameter.Default;
        }

        foreach (var parameter in spec.Parameters)
        {
            _values[parameter.Name] = parameter.Value;
            _given.Add(parameter.Name);
        }
    }

    /// <summary>Whether the flag was given.</summary>
    public bool Flag(string name) => _given.Contains(name);

    /// <summary>The value as text.</summary>
    public string Text(string name) => _values[name];

    /// <summary>The value of a whole number.</summary>
    public int Number(string name) => int.Parse(_values[name], CultureInfo.InvariantCulture);

    /// <summary>The value of a decimal number.</summary>
    public double Real(string name) => double.Parse(_values[name], CultureInfo.InvariantCulture);

    /// <summary>The value of a duration, in milliseconds.</summary>
    public long DurationMs(string name) => TryParseDuration(_values[name], out var ms) ? ms : throw new FormatException(_values[name]);

    /// <summary>What is wrong with the parameters of <paramref name="spec"/>; null when nothing is.</summary>
    internal static string? Problem(SchedulerDefinition definition, SchedulerSpec spec)
    {
        foreach (var parameter in spec.Parameters)
        {
            var known = definition.Parameters.FirstOrDefault(p => p.Name == parameter.Name);
            if (known is null)
            {
                return definition.Parameters.Count == 0
                    ? $"scheduler \"{spec.Name}\" takes no parameters"
                    : $"scheduler \"{spec.Name}\" has no parameter \"{parameter.Name}\"; "
                        + $"it takes {string.Join(", ", definition.Parameters.Select(p => p.Name))}";
            }

            if (!known.IsValid(parameter.Value))
            {
                var hint = known.Hint?.Invoke(parameter.Value) is { } words ? $"; {words}" : "";
                return $"scheduler \"{spec.Name}\": {parameter.Name}={parameter.Value}: expected {known.Values}{hint}";
            }
        }

        return null;
    }

    internal static bool TryParseDuration(string text, out long milliseconds)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unit = text[digits..] switch { "ms" => 1L, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        milliseconds = 0;
        if (unit == 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count < 1 || count > DurationMostMs / unit)
        {
            return false;
        }

        milliseconds = count * unit;
        return true;
    }
}
