namespace L4Lb.Lab.Scenarios;

/// <summary>
/// The JSON Schema (draft 2020-12) of scenarios, by which editors complete and check them. It never refuses a scenario that the
/// reader takes, but for fields without a value; what fields have to do with each other beyond it is the reader's. Thread-safe.
/// </summary>
public static class ScenarioSchema
{
    private static readonly Lazy<string> s_text = new(Load);

    /// <summary>The schema, as JSON.</summary>
    public static string Text => s_text.Value;

    private static string Load()
    {
        using var reader = new StreamReader(typeof(ScenarioSchema).Assembly.GetManifestResourceStream("scenario.schema.json")!);
        return reader.ReadToEnd();
    }
}
