using System.Text;
using System.Text.Json;
using L4Lb.Lab.Reports.Sections;
using L4Lb.Lab.Reports.Words;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports;

/// <summary>What a report says, for programs: ranking, reasons, and means with their intervals. The runs themselves are in the
/// result file.</summary>
internal static class JsonReport
{
    /// <summary>Names the shape of it.</summary>
    public const string Format = "l4lb.io/lab-report/v1";

    /// <summary>The text.</summary>
    public static string Write(LabResult result)
    {
        var findings = new Findings(result);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("scenario", result.Scenario.Name);
            json.WriteString("headline", Headline.Of(findings));
            json.WriteStartArray("notes");
            foreach (var note in Headline.Notes(findings))
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
            json.WriteStartArray("schedulers");
            foreach (var mode in result.Schedulers.Select(static s => s.Mode).Distinct().Order())
            {
                foreach (var entry in Ranking.Of(result, mode)!.Entries)
                {
                    WriteScheduler(json, findings, entry);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteScheduler(Utf8JsonWriter json, Findings findings, RankedScheduler ranked)
    {
        json.WriteStartObject();
        json.WriteString("scheduler", ranked.Name);
        json.WriteString("mode", ModesSection.Word(ranked.Found.Mode));
        json.WriteNumber("rank", ranked.Rank);
        json.WriteBoolean("shared", ranked.IsShared);
        if (ranked.Found.Mode == findings.Ranking.Mode && ranked.Rank > 1
            && Reasons.Of(findings.Entries.First(e => e.Name == ranked.Name), findings.First,
                findings.Found.Scenario.Backends) is { } reason)
        {
            json.WriteString("reason", reason);
        }

        json.WriteStartObject("measures");
        foreach (var measure in Measures.All)
        {
            if (measure.Estimate(ranked.Found) is { } estimate)
            {
                json.WriteStartObject(measure.Name);
                json.WriteNumber("mean", estimate.Mean);
                if (estimate.HalfWidth is { } half)
                {
                    json.WriteNumber("halfWidth", half);
                }

                json.WriteNumber("runs", estimate.Count);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
