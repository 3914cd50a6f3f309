using L4Lb.Host.Cli;
using L4Lb.Lab.Results;

namespace L4Lb.Host.Lab;

/// <summary>Reads result files; what is wrong is printed.</summary>
internal static class ResultFiles
{
    /// <summary>All of them, and the exit code when one could not be read.</summary>
    public static (IReadOnlyList<(string File, LabResult Found)> Results, int Code) Read(IReadOnlyList<string> files, TextWriter problems)
    {
        var (results, code) = (new List<(string, LabResult)>(), ExitCode.Done);
        foreach (var file in files)
        {
            if (TextFile.Read(file, problems) is not { } text)
            {
                code = ExitCode.CannotStart;
                continue;
            }

            var reading = ResultFile.Read(file, text);
            if (reading.Found is { } result)
            {
                results.Add((file, result));
            }
            else
            {
                problems.WriteLine($"l4lb: {reading.Problem}");
                code = Math.Max(code, ExitCode.Failed);
            }
        }

        return (results, code);
    }
}
