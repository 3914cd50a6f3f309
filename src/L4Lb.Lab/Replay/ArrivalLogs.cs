using L4Lb.K8s.Diagnostics;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Lab.Replay;

/// <summary>Access logs beside a scenario.</summary>
/// <param name="folder">Where relative paths begin.</param>
public sealed class ArrivalLogs(string folder) : IArrivalLogs
{
    /// <inheritdoc/>
    public ArrivalLog Open(string file, string? service)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, file));
            return Of(file, AccessLogReader.Read(file, stream), service);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var place = UnreadFile.IsMissing(e) ? $" in {Path.GetFullPath(folder)}" : "";
            return new ArrivalLog(null, $"{file}: {UnreadFile.Why(Path.Combine(folder, file), e)}{place}");
        }
    }

    private static ArrivalLog Of(string file, LogReading reading, string? wanted)
    {
        if (!reading.IsUsable)
        {
            return new ArrivalLog(null, $"{reading.Diagnostics.First(static d => d.Severity == Severity.Error)}");
        }

        var (service, problem) = ReplayPlan.Choose(file, reading.Sessions, wanted, "service");
        if (service is null)
        {
            return new ArrivalLog(null, problem);
        }

        // Whoever was turned away came, too.
        var sessions = reading.Sessions.Where(s => s.Service == service).OrderBy(static s => s.AcceptedTicks).ToList();
        if (sessions.Count < 2)
        {
            return new ArrivalLog(null, $"{file}: has one session of {ServiceName.Shown(service)}, of which there is no rate");
        }

        var trace = RecordedTrace.Of(sessions);
        return new ArrivalLog(trace, null, [.. NotesOf(reading, sessions, trace.Rate)]);
    }

    private static IEnumerable<string> NotesOf(LogReading reading, List<LoggedSession> sessions, double rate)
    {
        foreach (var diagnostic in reading.Diagnostics)
        {
            yield return $"line {diagnostic.Line} {diagnostic.Message}";
        }

        if (sessions.Exists(static s => s.Weight > 1))
        {
            var stand = sessions.Sum(static s => (double)s.Weight);
            yield return "is a sample, "
                + $"whose {Figures.Count(sessions.Count)} sessions stand for {Figures.Count(stand)}: rate: {Figures.Digits(rate * stand / sessions.Count)} is what there was";
        }
    }
}
