using System.Globalization;

namespace L4Lb.Engine.Scheduling;

/// <summary>A parameter that a scheduler takes.</summary>
/// <param name="Name">Its name in manifests.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Default">Its value when it is not given; empty for a flag.</param>
/// <param name="Values">What it takes, in words.</param>
/// <param name="IsValid">Whether a text is a value of it.</param>
public sealed record SchedulerParameterDefinition(
    string Name, string Summary, string Default, string Values, Func<string, bool> IsValid)
{
    /// <summary>What would be valid instead of a text that is not, in words; null, or an answer of null, for nothing to add.</summary>
    public Func<string, string?>? Hint { get; init; }

    /// <summary>A parameter that is given by its name alone.</summary>
    public static SchedulerParameterDefinition Flag(string name, string summary) =>
        new(name, summary, "", "no value", static text => text.Length == 0);

    /// <summary>A whole number.</summary>
    public static SchedulerParameterDefinition Number(string name, string summary, int standard, int least, int most) =>
        new(
            name, summary, standard.ToString(CultureInfo.InvariantCulture), $"a number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most);

    /// <summary>A decimal number.</summary>
    public static SchedulerParameterDefinition Real(string name, string summary, double standard, double least, double most) =>
        new(
            name, summary, standard.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
            text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var x)
                && x >= least && x <= most);

    /// <summary>A duration such as <c>250ms</c>, <c>10s</c>, <c>5m</c> or <c>24h</c>.</summary>
    public static SchedulerParameterDefinition Duration(string name, string summary, string standard) =>
        new(
            name, summary, standard, "a duration such as 250ms, 10s, 5m or 24h",
            static text => SchedulerParameters.TryParseDuration(text, out _));

    /// <summary>One of several words.</summary>
    public static SchedulerParameterDefinition Choice(string name, string summary, string standard, params string[] words) =>
        new(name, summary, standard, $"one of {string.Join(", ", words)}", words.Contains);
}
