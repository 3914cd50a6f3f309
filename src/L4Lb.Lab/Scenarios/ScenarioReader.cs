using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.Lab.Scenarios;

/// <summary>What came of reading a scenario.</summary>
/// <param name="Scenario">The scenario; null when it has errors.</param>
/// <param name="Diagnostics">Everything that there is to say, in the order of lines.</param>
public sealed record ScenarioReading(Scenario? Scenario, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads scenarios: YAML or JSON, <c>kind: Scenario</c>. Pure, and never throws for what a text holds.</summary>
public static class ScenarioReader
{
    /// <summary>What the <c>apiVersion</c> must be.</summary>
    public const string ApiVersion = "l4lb.io/v1alpha1";

    /// <summary>What the <c>kind</c> must be.</summary>
    public const string Kind = "Scenario";

    /// <summary>Reads the scenario in <paramref name="text"/>, with every error that it has rather than the first.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its content.</param>
    /// <param name="logs">Where access logs are found that it names; null when it cannot name any.</param>
    public static ScenarioReading Read(string file, string text, IArrivalLogs? logs = null)
    {
        var log = new ReadingLog(file);
        Scenario? read = null;
        try
        {
            if (TreeReader.Read(text) is MappingNode root)
            {
                read = ReadRoot(new FieldReader(root, "", log), log, text, logs);
            }
            else
            {
                log.Refuse(0, "", OtherDocuments.NoScenario([]));
            }
        }
        catch (TreeException e)
        {
            var (line, message) = OtherDocuments.Explain(text) ?? (e.Line, e.Message);
            log.Refuse(line, "", message);
        }

        return new ScenarioReading(log.HasErrors ? null : read, log.All);
    }

    private static Scenario? ReadRoot(FieldReader root, ReadingLog log, string text, IArrivalLogs? logs)
    {
        if (root.Node("kind") is ScalarNode { Kind: ScalarKind.String, Text: not Kind } other
            && root.Node("apiVersion") is ScalarNode { Text: not ApiVersion })
        {
            // What its fields lack as a scenario is of no interest.
            root.Refuse("kind", OtherDocuments.NoScenario([other.Text]));
            return null;
        }

        if (root.Text("apiVersion") != ApiVersion)
        {
            root.Refuse("apiVersion", $"expected {ApiVersion}");
        }

        if (root.Text("kind") != Kind)
        {
            root.Refuse("kind", $"expected {Kind}");
        }

        var metadata = root.Object("metadata");
        var name = metadata?.Text("name");
        if (string.IsNullOrEmpty(name))
        {
            root.Refuse("metadata", "required: the scenario's name, as metadata.name");
        }

        metadata?.End();
        root.Require("spec", "what is asked");
        var read = root.Object("spec") is { } spec ? SpecReader.Read(spec, log, logs) : null;
        root.End();
        return read is null ? null : read with { Name = name ?? "", Source = text };
    }
}
