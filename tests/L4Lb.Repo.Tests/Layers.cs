using System.Text.RegularExpressions;

namespace L4Lb.Repo.Tests;

/// <summary>Who may know whom.</summary>
internal static partial class Layers
{
    /// <summary>
    /// Folders of the engine, top to bottom, and the folders that each may use besides itself. Files beside the
    /// folders (LoadBalancer and what it takes and gives) may use all.
    /// </summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new(StringComparer.Ordinal)
    {
        ["Control"] =
        [
            "Runtime", "Sessions", "Datagrams", "Health", "Relaying", "Shards", "Scheduling", "Affinity", "Limits", "Desired",
            "Metrics", "Diagnostics", "Sockets", "Interop",
        ],

        ["Answering"] = ["Control", "Datagrams", "Shards", "Sockets", "Desired", "Interop"],

        // Interop for programs that are killed with all that they started; the framework's Process has no groups.
        ["Health"] = ["Runtime", "ProxyProtocol", "Desired", "Interop"],
        ["Sessions"] =
        [
            "Runtime", "ProxyProtocol", "Relaying", "Shards", "Sockets", "Scheduling", "Affinity", "Limits", "Desired",
            "Metrics", "Diagnostics", "Interop",
        ],
        ["Datagrams"] =
        [
            "Runtime", "Sessions", "ProxyProtocol", "Shards", "Sockets", "Scheduling", "Affinity", "Limits", "Desired",
            "Metrics", "Diagnostics", "Interop",
        ],
        ["Runtime"] = ["Scheduling", "Affinity", "Limits", "Sockets", "Interop", "Desired", "Metrics"],
        ["Relaying"] = ["Shards", "Sockets", "Interop", "Metrics"],
        ["Shards"] = ["Sockets", "Interop", "Metrics", "Diagnostics"],
        ["Scheduling"] = ["Desired"],
        ["Affinity"] = ["Desired"],
        ["Limits"] = ["Desired"],
        ["ProxyProtocol"] = ["Desired"],
        ["Sockets"] = ["Interop", "Desired"],
        ["Metrics"] = [],
        ["Diagnostics"] = ["Interop"],
        ["Desired"] = [],
        ["Interop"] = [],
    };

    /// <summary>Inside the engine dependencies point one way.</summary>
    public static Rule WithinEngine { get; } = new(
        "Folders of the engine use only what the table allows",
        static file => Folder(file) is not null,
        static file => s_mayUse.TryGetValue(Folder(file)!, out var mayUse)
            ? from line in file.Code.Index()
              from Match reference in EngineReference().Matches(line.Item)
              let used = reference.Groups["folder"].Value
              where s_mayUse.ContainsKey(used) && used != Folder(file) && !mayUse.Contains(used)
              select (line.Index + 1, $"{Folder(file)} may not use {used}; what it may is in {nameof(Layers)}.cs")
            : [(1, $"the folder {Folder(file)} is not in the table of {nameof(Layers)}.cs")],
        new("src/L4Lb.Engine/Scheduling/A.cs", "using L4Lb.Engine.Sessions;"));

    /// <summary>What reads manifests knows only the language of what is asked.</summary>
    public static Rule K8sToEngine { get; } = Rule.Forbid(
        "L4Lb.K8s uses only L4Lb.Engine.Desired",
        @"\bL4Lb\.Engine\b(?!\.Desired\b)",
        "say it in the terms of L4Lb.Engine.Desired",
        static file => file.IsIn("src/L4Lb.K8s"),
        new("src/L4Lb.K8s/A.cs", "using L4Lb.Engine.Runtime;"));

    /// <summary>What answers for names knows of the engine only how to answer at all.</summary>
    public static Rule DnsToEngine { get; } = Rule.Forbid(
        "L4Lb.Dns uses only L4Lb.Engine.Answering and the addresses of L4Lb.Engine.Desired",
        @"\bL4Lb\.(K8s|Host|Engine\b(?!\.(Answering|Desired)\b))",
        "let L4Lb.Host bring the two together",
        static file => file.IsIn("src/L4Lb.Dns"),
        new("src/L4Lb.Dns/Serving/A.cs", "using L4Lb.Engine.Runtime;"));

    /// <summary>Every folder that a table entry names has an entry of its own.</summary>
    public static IEnumerable<string> UnknownFolders => s_mayUse.Values.SelectMany(static used => used).Except(s_mayUse.Keys);

    /// <summary>The engine's folder of a file; null for files beside the folders or outside the engine.</summary>
    private static string? Folder(SourceFile file) =>
        file.Path.Split('/') is ["src", "L4Lb.Engine", var folder, _, ..] ? folder : null;

    [GeneratedRegex(@"\bEngine\.(?<folder>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex EngineReference();
}
