using L4Lb.K8s.Annotations;
using L4Lb.K8s.Defaults;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Objects;
using L4Lb.K8s.Reading.Schema;
using L4Lb.K8s.Reading.Tree;
using L4Lb.K8s.Validation;

namespace L4Lb.K8s.Reading;

/// <summary>
/// Makes validated objects of one document's text. Pure, and knows neither file nor place: lines count from the
/// document's line 0, so that the result holds wherever the text moves to.
/// </summary>
internal sealed class DocumentParser(FieldValidation validation)
{
    private static readonly Dictionary<string, KindReader> s_kinds = new(StringComparer.Ordinal)
    {
        ["Service"] = new("v1", KindSchemas.Service, ServiceReader.Read),
        ["Endpoints"] = new("v1", KindSchemas.Endpoints, ObjectReader.ReadEndpoints),
        ["Pod"] = new("v1", KindSchemas.Pod, PodReader.Read),
        ["Node"] = new("v1", KindSchemas.Node, ObjectReader.ReadNode),
        ["Namespace"] = new("v1", KindSchemas.Namespace, ObjectReader.ReadNamespace),
        ["AddressPool"] = new("l4lb.io/v1alpha1", KindSchemas.AddressPool, AddressPoolReader.Read),
        ["EndpointSlice"] = new("discovery.k8s.io/v1", KindSchemas.EndpointSlice, ObjectReader.ReadEndpointSlice),
    };

    private sealed record KindReader(string ApiVersion, StructType Schema, Func<MappingNode, KubeObject> Read);

    /// <summary>Everything in <paramref name="text"/>. Never throws for what the text holds.</summary>
    public ParsedDocument Parse(string text)
    {
        var document = new ParsedDocument(text);
        try
        {
            if (TreeReader.Read(text) is { } root and not ScalarNode { Kind: ScalarKind.Null })
            {
                ReadRoot(root, document, index: null);
            }
        }
        catch (TreeException e)
        {
            document.Diagnostics.Add(new(Severity.Error, "", e.Line, "", e.Message));
        }

        return document;
    }

    private void ReadRoot(TreeNode node, ParsedDocument document, int? index, string? defaultVersion = null, string? defaultKind = null)
    {
        if (node is not MappingNode root)
        {
            var found = node is SequenceNode ? "array" : node is ScalarNode { Kind: ScalarKind.String } ? "string" : "value";
            document.Refuse(node.Line, $"this is no manifest, which begins with apiVersion and kind: json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
            return;
        }

        var kind = root.FindString("kind") ?? defaultKind;
        var apiVersion = root.FindString("apiVersion") ?? defaultVersion;
        if (string.IsNullOrEmpty(kind) || string.IsNullOrEmpty(apiVersion))
        {
            document.Refuse(root.Line, $"Object '{(string.IsNullOrEmpty(kind) ? "Kind" : "apiVersion")}' is missing in '{TreeJson.Print(root)}'");
        }
        else if (kind.EndsWith("List", StringComparison.Ordinal) && root.Find("items") is SequenceNode items && index is null)
        {
            ReadList(items, document, apiVersion, kind);
        }
        else if (s_kinds.TryGetValue(kind, out var reader) && reader.ApiVersion == apiVersion)
        {
            ReadObject(root, document, reader, index ?? 0);
        }
        else
        {
            PassOver(root, document, apiVersion, kind);
        }
    }

    private void ReadList(SequenceNode items, ParsedDocument document, string apiVersion, string kind)
    {
        // The items of a ServiceList need not say what they are; those of a List must.
        var itemKind = kind == "List" ? null : kind[..^"List".Length];
        for (var i = 0; i < items.Items.Count; i++)
        {
            ReadRoot(items.Items[i], document, i, itemKind is null ? null : apiVersion, itemKind);
        }
    }

    private void ReadObject(MappingNode root, ParsedDocument document, KindReader reader, int index)
    {
        var problems = new FieldProblems(validation, document.Diagnostics);
        SchemaChecker.Check(root, reader.Schema, problems);
        if (problems.HasDecodeErrors)
        {
            // The API server stops here too: what could not be decoded would be called missing.
            return;
        }

        var source = new SourceMap("", 0, root.Line, new(() => TreeLines.Of(root)));
        var value = ObjectDefaults.Apply(reader.Read(root)) with { Source = source };
        document.Diagnostics.AddRange(ObjectValidator.Validate(value));
        document.Add(value with { Source = SourceMap.None }, root.Line, index);
    }

    private static void PassOver(MappingNode root, ParsedDocument document, string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/');
        var group = slash < 0 ? "" : apiVersion[..slash];
        if (s_kinds.ContainsKey(kind) && IsOwnGroup(group))
        {
            document.Refuse(root.Line, $"no matches for kind \"{kind}\" in version \"{apiVersion}\"");
            return;
        }

        // Kinds of others in these groups are no typing errors of ours: nothing of v1 is spelled like what is read here.
        if (group is "" or "discovery.k8s.io" or "l4lb.io" && NearestKind(kind) is { } meant)
        {
            document.Refuse(root.Line, $"no matches for kind \"{kind}\" in version \"{apiVersion}\"; did you mean {meant}?");
            return;
        }

        var name = ObjectReader.ReadMetadata(root) is { Name.Length: > 0 } meta ? $"{kind} {meta.Key}" : $"{kind} without a name";
        var reason = group == "metallb.io" && kind == "IPAddressPool"
            ? "an AddressPool of l4lb.io/v1alpha1, which has no namespace, has the same fields"
            : "a load balancer has no use for objects of this kind";
        document.Diagnostics.Add(new(Severity.Warning, "", root.Line, "", $"{name} ({apiVersion}) is passed over: {reason}"));
    }

    // Of a short name, as Pod, two other letters make another word.
    private static string? NearestKind(string kind) => s_kinds.Keys.FirstOrDefault(k =>
        string.Equals(k, kind, StringComparison.OrdinalIgnoreCase) || $"{k}s" == kind
        || (k.Length > 4 && NearestName.Distance(k, kind) <= 2));

    // Another project may well call its own kind Service (serving.knative.dev/v1); that is not a wrong version of ours.
    private static bool IsOwnGroup(string group) =>
        !group.Contains('.') || group == "l4lb.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal);
}
