using System.Text.Json;

namespace L4Lb.Lab.Results;

/// <summary>Result files: a <see cref="LabResult"/> as JSON that other programs can read, and back. Never throws for what a file has.</summary>
public static class ResultFile
{
    /// <summary>How the names of result files end.</summary>
    public const string Extension = ".result.json";

    /// <summary>The text of <paramref name="result"/>'s file.</summary>
    public static string Write(LabResult result) => JsonSerializer.Serialize(result, ResultJson.Default.LabResult) + "\n";

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">What it has.</param>
    public static ResultReading Read(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (Unknown(document.RootElement) is { } unknown)
            {
                return new ResultReading(null, $"{file}: {unknown}");
            }

            var result = document.RootElement.Deserialize(ResultJson.Default.LabResult);
            return result is null
                ? new ResultReading(null, $"{file}: is empty")
                : ResultCheck.FirstProblem(result) is { } problem
                    ? new ResultReading(null, $"{file}: {problem}; was it edited? make it again with l4lb lab simulate")
                    : new ResultReading(result, null);
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? $":{line + 1}" : "";
            var what = e.Path is { Length: > 1 } path ? $"{path[2..]} is missing or of the wrong kind" : "is not JSON, or was cut off";
            return new ResultReading(null, $"{file}{at}: {what}; a result file is what l4lb lab simulate -o wrote");
        }
        catch (InvalidOperationException)
        {
            // A string with half a surrogate pair is JSON but no text.
            return new ResultReading(null, $"{file}: has text that is not Unicode; a result file is what l4lb lab simulate -o wrote");
        }
    }

    /// <summary>Why this is not for us; null when it is. The format comes first: all else of a newer file may have another
    /// meaning.</summary>
    private static string? Unknown(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String)
        {
            return $"is no result file: it does not begin with \"format\": \"{LabResult.CurrentFormat}\"";
        }

        var name = format.GetString()!;
        var family = LabResult.CurrentFormat[..(LabResult.CurrentFormat.LastIndexOf('/') + 1)];
        return name == LabResult.CurrentFormat ? null
            : name.StartsWith(family, StringComparison.Ordinal)
                ? $"has the format {name}, and this program reads {LabResult.CurrentFormat}: use the version of l4lb that wrote it, or run the scenario again"
                : $"is no result file: its format is \"{name}\", not \"{LabResult.CurrentFormat}\"";
    }
}

/// <summary>What reading a result file gave.</summary>
/// <param name="Found">The result; null when the file is not one.</param>
/// <param name="Problem">What is wrong with it and what would help, with the file's name; null when there is a result.</param>
public sealed record ResultReading(LabResult? Found, string? Problem);
