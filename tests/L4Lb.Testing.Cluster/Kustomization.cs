using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace L4Lb.Testing.Cluster;

/// <summary>Manifests as <c>kubectl apply -k</c> finds them. All scalars are texts.</summary>
internal static class Kustomization
{
    public const string FileName = "kustomization.yaml";

    /// <summary>The objects of a folder: those of the files and folders that its kustomization names, which have to exist.</summary>
    public static IReadOnlyList<JsonObject> Read(string folder)
    {
        var kustomization = ReadFile(Path.Combine(folder, FileName)).Single();
        return
        [
            .. from resource in kustomization["resources"]!.AsArray()
               let path = Path.GetFullPath(Path.Combine(folder, (string)resource!))
               from document in Directory.Exists(path) ? Read(path) : ReadFile(path)
               select document,
        ];
    }

    /// <summary>The documents of a YAML text.</summary>
    public static IEnumerable<JsonObject> Parse(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents.Select(static d => ToJson(d.RootNode)!.AsObject());
    }

    private static IEnumerable<JsonObject> ReadFile(string path) => Parse(File.ReadAllText(path));

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Select(static m => KeyValuePair.Create(((YamlScalarNode)m.Key).Value!, ToJson(m.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(ToJson)]),
        _ => ((YamlScalarNode)node).Value,
    };
}
