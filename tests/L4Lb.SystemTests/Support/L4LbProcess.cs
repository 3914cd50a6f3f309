using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>The real program, <c>l4lb run</c>, as a process of its own.</summary>
internal sealed class L4LbProcess : IAsyncDisposable
{
    private const string AdminLine = "admin API on ";
    private const string ServingLine = " started, ";

    private readonly HttpClient _http = new() { Timeout = Eventually.Deadline };
    private readonly ChildProcess _process;

    private L4LbProcess(ChildProcess process) => _process = process;

    /// <summary>The command that starts the program: put its arguments behind it.</summary>
    public static IReadOnlyList<string> Command { get; } =
    [
        Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet",
        typeof(L4LbProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "L4Lb.Program").Value!,
    ];

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The log, and whatever else went to standard error.</summary>
    public IReadOnlyCollection<string> Log => _process.Errors;

    /// <summary>Everything printed.</summary>
    public string Printed => _process.Printed;

    /// <summary>The admin API's address, once it has started.</summary>
    public Uri Admin
    {
        get
        {
            var line = Log.First(l => l.Contains(AdminLine, StringComparison.Ordinal));
            return new Uri(line[(line.IndexOf(AdminLine, StringComparison.Ordinal) + AdminLine.Length)..]);
        }
    }

    /// <summary>Runs <c>l4lb</c> with <paramref name="arguments"/> to its end.</summary>
    public static Task<CommandResult> RunToEndAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync([.. Command, .. arguments]);

    /// <summary>Starts <c>l4lb run</c> on this machine and waits until it serves.</summary>
    public static Task<L4LbProcess> StartAsync(params IEnumerable<string> arguments) => StartAsync([], arguments);

    /// <summary>
    /// Starts <c>l4lb run</c> by way of <paramref name="wrapper"/>, which has to become it (a namespace, a limit), and
    /// waits until it serves. The admin API gets a free port unless <paramref name="admin"/> says which.
    /// </summary>
    public static async Task<L4LbProcess> StartAsync(
        IEnumerable<string> wrapper, IEnumerable<string> arguments, TimeSpan? patience = null, string admin = "127.0.0.1:0")
    {
        // Who runs in the background of a shell ignores SIGINT, and so would all that it starts.
        string[] fresh = ["env", "--default-signal=INT,QUIT"];
        var started = new L4LbProcess(ChildProcess.Start([.. wrapper, .. fresh, .. Command, "run", "--admin", admin, .. arguments]));
        try
        {
            await started.WaitForLogAsync(ServingLine, patience);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <paramref name="text"/> was logged.</summary>
    public Task WaitForLogAsync(string text, TimeSpan? patience = null) => WaitForLogAsync(text, 1, patience);

    /// <summary>Waits until <paramref name="text"/> was logged in so many lines.</summary>
    public async Task WaitForLogAsync(string text, int times, TimeSpan? patience = null)
    {
        bool Logged() => Log.Count(l => l.Contains(text, StringComparison.Ordinal)) >= times;
        await Eventually.HoldsAsync(
            $"\"{text}\" is logged",
            () =>
            {
                Assert.True(!HasExited || Logged(), $"waiting for \"{text}\" it ended by itself:\n{Printed}");
                return Logged();
            },
            patience);
    }

    /// <summary>Reloads by SIGHUP and waits until that is in force.</summary>
    public async Task ReloadAsync(TimeSpan? patience = null)
    {
        var applied = Log.Count(l => l.Contains("is in force (SIGHUP)", StringComparison.Ordinal));
        await SignalAsync("HUP");
        await WaitForLogAsync("is in force (SIGHUP)", applied + 1, patience);
    }

    public Task SignalAsync(string name) => _process.SignalAsync(name);

    public Task KillAsync() => _process.KillAsync();

    public Task<int> WaitForExitAsync(TimeSpan? patience = null) => _process.WaitForExitAsync(patience ?? Eventually.Deadline);

    /// <summary>Ends it in order; it has to.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        Assert.Equal(0, await WaitForExitAsync());
    }

    /// <summary>Asks <c>/readyz</c>.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> AskReadyAsync()
    {
        using var response = await _http.GetAsync(new Uri(Admin, "/readyz"));
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    /// <summary>Sends a request to the admin API; returns the status.</summary>
    public async Task<HttpStatusCode> AdminAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Admin, path)) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Reads from the admin API.</summary>
    public async Task<JsonNode> AdminJsonAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(new Uri(Admin, path)))!;

    /// <summary>What its open descriptors are, such as <c>socket:[1234]</c>.</summary>
    public IReadOnlyList<string> Descriptors() =>
    [
        .. new DirectoryInfo($"/proc/{Id}/fd").EnumerateFileSystemInfos().Select(TargetOf).OfType<string>(),
    ];

    /// <summary>How many descriptors of pipes it has; it keeps those that bulk was spliced through.</summary>
    public int CountPipes() => Descriptors().Count(d => d.StartsWith("pipe:", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>Null when it was closed while we looked.</summary>
    private static string? TargetOf(FileSystemInfo descriptor)
    {
        try
        {
            return descriptor.LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
