namespace L4Lb.SystemTests.Support;

/// <summary>The real program, as its users start it.</summary>
internal sealed class L4LbProcess : ChildProcess
{
    private L4LbProcess(IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment)
        : base(command, environment)
    {
    }

    /// <summary>The words that start the program, built in the configuration that the tests were.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", Locate()];

    /// <summary>Starts it; <paramref name="prefix"/> are words in front, such as <c>ip netns exec NAME</c>.</summary>
    public static L4LbProcess Start(
        IEnumerable<string> arguments, IEnumerable<string>? prefix = null, IReadOnlyDictionary<string, string>? environment = null) =>
        new([.. prefix ?? [], .. Command, .. arguments], environment);

    /// <summary>Starts <c>run</c> without an admin server and waits until a state is in force.</summary>
    public static async Task<L4LbProcess> RunAsync(params string[] arguments)
    {
        var process = Start(["run", "--admin", "none", .. arguments]);
        await process.StartedAsync();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        ToEndAsync([.. Command, .. arguments]);

    /// <summary>A state is in force and its listeners are open.</summary>
    public Task StartedAsync(TimeSpan? deadline = null) => PrintsAsync(" started, ", deadline);

    private static string Locate()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = folder.Parent!.Name;
        while (!File.Exists(Path.Combine(folder!.FullName, "L4Lb.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "src", "L4Lb.Host", "bin", configuration, "net10.0", "l4lb.dll");
    }
}
