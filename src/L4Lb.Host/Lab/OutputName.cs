using L4Lb.Lab.Results;

namespace L4Lb.Host.Lab;

/// <summary>Files that are named after a scenario, in the current folder whatever that is called.</summary>
internal static class OutputName
{
    private const int MostCharacters = 100;

    /// <summary>The name without what a file's name should not have.</summary>
    public static string Of(string scenario)
    {
        var safe = string.Concat(scenario.Take(MostCharacters).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'
            ? c : '-')).TrimStart('.', '-');
        return safe.Length > 0 ? safe : "scenario";
    }

    /// <summary>That of a result's scenario.</summary>
    public static string Of(LabResult result) => Of(result.Scenario.Name);
}
