using System.Xml.Linq;

namespace L4Lb.Repo.Tests;

/// <summary>The rules of project files and of the front page.</summary>
internal static class ProjectRules
{
    private const int MaxReadmeLines = 150;

    /// <summary>The projects of src and the projects that each references.</summary>
    private static readonly Dictionary<string, string[]> s_references = new(StringComparer.Ordinal)
    {
        ["L4Lb.Engine"] = [],
        ["L4Lb.K8s"] = ["L4Lb.Engine"],
        ["L4Lb.Lab"] = ["L4Lb.Engine", "L4Lb.K8s"],
        ["L4Lb.Dns"] = ["L4Lb.Engine"],
        ["L4Lb.Host"] = ["L4Lb.Engine", "L4Lb.K8s", "L4Lb.Lab", "L4Lb.Dns"],
    };

    /// <summary>A project of src references the projects that the table says, no more.</summary>
    public static IEnumerable<string> References(SourceFile project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Path);
        if (!project.IsIn("src"))
        {
            return [];
        }

        return s_references.TryGetValue(name, out var allowed)
            ? Included(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!).Except(allowed)
                .Select(reference => $"{project.Path}: may not reference {reference}")
            : [$"{project.Path}: is not in the table of {nameof(ProjectRules)}.cs"];
    }

    /// <summary>The engine needs nothing but the framework, and it alone may be unsafe.</summary>
    public static IEnumerable<string> Engine(SourceFile project)
    {
        if (project.IsIn("src/L4Lb.Engine"))
        {
            return Included(project, "PackageReference").Select(package => $"{project.Path}: the engine takes no package ({package})");
        }

        return project.IsIn("src") && XDocument.Parse(project.Text).Descendants("AllowUnsafeBlocks").Any()
            ? [$"{project.Path}: only the engine is unsafe"]
            : [];
    }

    /// <summary>Every project's packages are locked.</summary>
    public static IEnumerable<string> Locks(SourceFile project, Func<string, bool> exists)
    {
        var path = $"{Path.GetDirectoryName(project.Path)!.Replace('\\', '/')}/packages.lock.json";
        return exists(path) ? [] : [$"{path}: is missing; restore writes it"];
    }

    /// <summary>The front page is short enough to be read.</summary>
    public static IEnumerable<string> Readme(SourceFile readme) =>
        readme.Lines.Length > MaxReadmeLines ? [$"{readme.Path}: more than {MaxReadmeLines} lines; move pages to docs/"] : [];

    private static IEnumerable<string> Included(SourceFile project, string element) =>
        XDocument.Parse(project.Text).Descendants(element)
            .Select(reference => reference.Attribute("Include")?.Value.Replace('\\', '/')).OfType<string>();
}
