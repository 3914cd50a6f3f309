using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Scenarios;

/// <summary>Where a scenario's access log is found.</summary>
public interface IArrivalLogs
{
    /// <summary>The traffic in a log; never throws for what a file is or has.</summary>
    /// <param name="file">As the scenario names it.</param>
    /// <param name="service">Whose, as <c>namespace/name:port</c>; null for the only one that it has.</param>
    ArrivalLog Open(string file, string? service);
}

/// <summary>What came of opening an access log.</summary>
/// <param name="Trace">Its traffic; null when it cannot be used.</param>
/// <param name="Problem">Why not; null when it can.</param>
/// <param name="Notes">What whoever uses it should know.</param>
public sealed record ArrivalLog(Trace? Trace, string? Problem, params IReadOnlyList<string> Notes);
