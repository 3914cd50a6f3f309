using L4Lb.K8s.Reading;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Lab.Reports.Words;

namespace L4Lb.Lab.Scenarios;

/// <summary>Says what a text is that was taken for a scenario.</summary>
internal static class OtherDocuments
{
    // Enough to know what it is.
    private const int MostRead = 20;
    private const int MostNamed = 4;

    /// <summary>What is wrong with a text of several documents, at its line from 0; null when that is not what is wrong with it.</summary>
    internal static (int Line, string Message)? Explain(string text)
    {
        var spans = DocumentSplitter.Split(text);
        if (spans.Count < 2)
        {
            return null;
        }

        var kinds = new List<string>();
        foreach (var (start, length) in spans.Take(MostRead))
        {
            try
            {
                var root = TreeReader.Read(text.Substring(start, length)) as MappingNode;
                kinds.Add(root?.FindString("kind") ?? "");
            }
            catch (TreeException)
            {
                // That is worth more to its author, and said already.
                return null;
            }
        }

        return kinds.Contains(ScenarioReader.Kind)
            ? (text.AsSpan(0, spans[1].Start).Count('\n'), "a scenario is one document, and another one begins here: put each into a file of its own")
            : (0, NoScenario([.. kinds.Where(static k => k.Length > 0).Distinct()]));
    }

    /// <summary>That it is none, but has <paramref name="kinds"/>.</summary>
    internal static string NoScenario(IReadOnlyList<string> kinds) =>
        $"this is no scenario{(kinds.Count == 0 ? "" : $": its {(kinds.Count == 1 ? "kind is" : "kinds are")} {Lists.And(kinds, MostNamed)}")}; "
        + $"a scenario begins with apiVersion: {ScenarioReader.ApiVersion} and kind: {ScenarioReader.Kind}";
}
