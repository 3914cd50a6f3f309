using L4Lb.Host.Cli;
using L4Lb.Lab.Replay;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Host.Lab;

/// <summary>Finds scenarios: shipped ones by name, others by file; a file of that name wins only when it is said to be one
/// (<c>./name</c>).</summary>
internal static class ScenarioFiles
{
    /// <summary>Reads a scenario; what is wrong is printed, with the exit code that it means.</summary>
    public static (Scenario? Scenario, int Code) Read(string name, TextWriter problems)
    {
        if (ShippedScenarios.Find(name) is { } shipped)
        {
            return Judge(ScenarioReader.Read(name, shipped.Text), problems);
        }

        if (!Path.Exists(name) && !name.Contains('/') && !name.Contains('.'))
        {
            problems.WriteLine($"l4lb: {Unknown(name)}");
            return (null, ExitCode.Failed);
        }

        return TextFile.Read(name, problems) is { } text ? Judge(Read(name, text), problems) : (null, ExitCode.CannotStart);
    }

    /// <summary>What a file of that text has, with what it names beside it.</summary>
    public static ScenarioReading Read(string file, string text) =>
        ScenarioReader.Read(file, text, new ArrivalLogs(Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : "."));

    /// <summary>That there is no such scenario, and which there are.</summary>
    public static string Unknown(string name) =>
        $"there is no scenario {name}; there is {string.Join(", ", ShippedScenarios.All.Select(static s => s.Name))}";

    private static (Scenario? Scenario, int Code) Judge(ScenarioReading reading, TextWriter problems)
    {
        foreach (var diagnostic in reading.Diagnostics)
        {
            problems.WriteLine(diagnostic);
        }

        return (reading.Scenario, reading.Scenario is null ? ExitCode.Failed : ExitCode.Done);
    }
}
