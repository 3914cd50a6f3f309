namespace L4Lb.Host.Telemetry;

/// <summary>
/// Names in the text format for instruments of the runtime whose own would end in <c>_count</c> there, which belongs to
/// histograms.
/// </summary>
internal static class RuntimeNames
{
    /// <summary>The Meter of the runtime.</summary>
    public const string MeterName = "System.Runtime";

    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.timer.count"] = "dotnet.timers",
        ["dotnet.thread_pool.thread.count"] = "dotnet.thread_pool.threads",
        ["dotnet.thread_pool.work_item.count"] = "dotnet.thread_pool.work_items",
    };

    /// <summary>The name of <paramref name="instrument"/> in the text format, before dots are replaced.</summary>
    public static string Of(string instrument) => s_names.GetValueOrDefault(instrument, instrument);
}
