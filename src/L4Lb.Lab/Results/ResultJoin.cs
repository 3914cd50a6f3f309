namespace L4Lb.Lab.Results;

/// <summary>Joins results of one scenario, so that a report shows what was simulated beside what was live.</summary>
public static class ResultJoin
{
    /// <summary>All schedulers of all results, or why they do not go together.</summary>
    /// <param name="results">Each with its file's name; at least one.</param>
    public static (LabResult? Found, string? Problem) Join(IReadOnlyList<(string File, LabResult Found)> results)
    {
        var (first, all) = (results[0], new List<SchedulerResult>());
        foreach (var (file, result) in results)
        {
            if (result.Scenario.Source != first.Found.Scenario.Source)
            {
                return (null, $"{file} is about another scenario than {first.File}: make a report of each");
            }

            if (Math.Abs(result.Scenario.OfferedRate - first.Found.Scenario.OfferedRate) > first.Found.Scenario.OfferedRate * 1e-6)
            {
                return (null, $"{file} is about another rate or load than {first.File}: make a report of each");
            }

            if (result.Schedulers.FirstOrDefault(s => all.Any(a => (a.Scheduler, a.Mode) == (s.Scheduler, s.Mode))) is { } twice)
            {
                return (null, $"{file} has {twice.Scheduler} as an earlier file has it: l4lb lab compare shows how they differ");
            }

            all.AddRange(result.Schedulers);
        }

        return (first.Found with { Schedulers = all, Notes = [.. results.SelectMany(static r => r.Found.Notes).Distinct()] }, null);
    }
}
