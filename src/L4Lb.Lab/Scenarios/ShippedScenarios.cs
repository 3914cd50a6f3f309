using System.Reflection;

namespace L4Lb.Lab.Scenarios;

/// <summary>A scenario that comes with the program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Text">The file, as in <c>bench/scenarios</c>.</param>
public sealed record ShippedScenario(string Name, string Description, string Text);

/// <summary>The scenarios that come with the program. Thread-safe.</summary>
public static class ShippedScenarios
{
    private const string Prefix = "scenarios/";

    private static readonly Lazy<IReadOnlyList<ShippedScenario>> s_all = new(Load);

    /// <summary>All of them, sorted by name.</summary>
    public static IReadOnlyList<ShippedScenario> All => s_all.Value;

    /// <summary>The scenario <paramref name="name"/>; null when there is none of that name.</summary>
    public static ShippedScenario? Find(string name) => All.FirstOrDefault(shipped => shipped.Name == name);

    private static ShippedScenario[] Load()
    {
        var assembly = typeof(ShippedScenarios).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(static resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource => Load(assembly, resource)),
        ];
    }

    private static ShippedScenario Load(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var text = reader.ReadToEnd();
        var name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
        return new ShippedScenario(name, ScenarioReader.Read(resource, text).Scenario?.Description ?? "", text);
    }
}
