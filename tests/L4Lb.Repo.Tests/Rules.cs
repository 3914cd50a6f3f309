using System.Text.RegularExpressions;

namespace L4Lb.Repo.Tests;

/// <summary>The rules of style that no analyzer of ours checks.</summary>
internal static partial class Rules
{
    private const int MaxLines = 400;
    private const int MaxColumns = 140;

    private const string Engine = "src/L4Lb.Engine";
    private const string K8s = "src/L4Lb.K8s";
    private const string Lab = "src/L4Lb.Lab";

    /// <summary>Every rule.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new(
            $"A file has at most {MaxLines} lines",
            static _ => true,
            static file => file.Lines.Length > MaxLines
                ? [(MaxLines + 1, $"{file.Lines.Length} lines are more than {MaxLines}: what are its two subjects?")]
                : [],
            new("src/A.cs", string.Join('\n', Enumerable.Repeat("// line", MaxLines + 1)))),
        new(
            $"A line of src has at most {MaxColumns} columns, texts not counted: a message in one piece can be searched for",
            InSrc,
            static file => Rule.Matches(
                [.. file.Lines.Select(static line => Text().Replace(line, "\"\""))],
                new($"^.{{{MaxColumns + 1},}}"),
                $"more than {MaxColumns} columns"),
            new("src/A.cs", new string('x', MaxColumns + 1))),
        new(
            "Nothing is put off",
            static file => !file.IsIn("tests/L4Lb.Repo.Tests"),
            static file => Rule.Matches(file.Lines, new(@"\b(TODO|FIXME|HACK)\b"), "do it now or write it down in docs/design"),
            new("bench/A.cs", "// TODO: later")),

        Rule.Forbid(
            "Native code is called from Interop alone",
            @"\b(DllImport|LibraryImport)\b",
            "declare it in src/L4Lb.Engine/Interop",
            static file => InSrc(file) && !file.IsIn(Engine + "/Interop"),
            new(Engine + "/Sockets/A.cs", "[LibraryImport(\"libc\")]")),
        Rule.Forbid(
            "Only the engine is unsafe",
            @"\bunsafe\b",
            "use spans, or move it into the engine",
            static file => InSrc(file) && !file.IsIn(Engine),
            new(K8s + "/A.cs", "public unsafe void M()")),

        Rule.Forbid(
            "The engine does not use the thread pool",
            @"\bTask\s*\.\s*Run\s*\(|\bThreadPool\s*\.",
            "post to a shard, or await on the control plane",
            static file => file.IsIn(Engine),
            new(Engine + "/A.cs", "_ = Task.Run(() => { });")),
        Rule.Forbid(
            "Nobody waits for a task by blocking",
            @"\.Result\b(?!\s*[({])|\.Wait\s*\(\s*\)|\.GetAwaiter\s*\(\s*\)\s*\.GetResult\s*\(",
            "await it",
            InSrc,
            new(Engine + "/A.cs", "var x = task.Result;")),
        Rule.Forbid(
            "Nobody sleeps",
            @"\bThread\s*\.\s*Sleep\s*\(",
            "arm a timer, or await Task.Delay with a TimeProvider",
            InSrc,
            new(K8s + "/A.cs", "Thread.Sleep(10);")),
        Rule.Forbid(
            "Nobody asks for local time",
            @"\bDateTime\s*\.\s*(Now|Today)\b|\bDateTimeOffset\s*\.\s*Now\b",
            "use a TimeProvider, or the shard's clock for durations",
            InSrc,
            new(K8s + "/A.cs", "var now = DateTime.Now;")),
        Rule.Forbid(
            "Nobody makes dice of their own",
            @"\bnew\s+Random\s*\(\s*\)",
            "use SchedulerMemory.NextRandom, or take the source as a parameter",
            InSrc,
            new(K8s + "/A.cs", "var dice = new Random();")),
        Rule.Forbid(
            "Libraries do not write to the console",
            @"\bConsole\s*\.\s*(Write|Out|Error)",
            "return it, or log it",
            static file => file.IsIn(Engine) || file.IsIn(K8s) || file.IsIn(Lab),
            new(Lab + "/A.cs", "Console.WriteLine(1);")),
        Rule.Forbid(
            "Everything is implemented",
            @"\bNotImplementedException\b",
            "implement it, or do not declare it",
            InSrc,
            new(K8s + "/A.cs", "throw new NotImplementedException();")),

        Layers.WithinEngine,
        Layers.K8sToEngine,
        Layers.DnsToEngine,
    ];

    private static bool InSrc(SourceFile file) => file.IsIn("src");

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();
}
