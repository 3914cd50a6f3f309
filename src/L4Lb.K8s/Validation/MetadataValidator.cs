using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks <c>metadata</c>, alike for all kinds but for the rule of the name.</summary>
internal static class MetadataValidator
{
    // Of all annotations together, keys and values.
    private const int MaxAnnotationBytes = 256 * 1024;

    /// <summary>Checks <paramref name="meta"/>.</summary>
    public static void Validate(
        ObjectMeta meta, bool isNamespaced, Func<string, IReadOnlyList<string>> nameRule, FieldErrors errors)
    {
        if (meta.Name.Length > 0)
        {
            errors.InvalidEach("metadata.name", meta.Name, nameRule(meta.Name));
        }
        else if (meta.GenerateName.Length > 0)
        {
            // The API server would make a name; here the object would have another one after every reload.
            errors.Required("metadata.name", "generateName is not supported, since the name must stay the same from load to load");
        }
        else
        {
            errors.Required("metadata.name", "name or generateName is required");
        }

        if (isNamespaced)
        {
            errors.InvalidEach("metadata.namespace", meta.Namespace, NameRules.Dns1123Label(meta.Namespace));
        }
        else if (meta.Namespace.Length > 0)
        {
            errors.Forbidden("metadata.namespace", "not allowed on this type");
        }

        ValidateLabels("metadata.labels", meta.Labels, errors);
        ValidateAnnotations(meta, errors);
        foreach (var finalizer in meta.Finalizers)
        {
            errors.InvalidEach("metadata.finalizers", finalizer, NameRules.QualifiedName(finalizer));
        }
    }

    /// <summary>Checks keys and values of labels, or of a selector.</summary>
    public static void ValidateLabels(
        string path, IEnumerable<KeyValuePair<string, string>> labels, FieldErrors errors)
    {
        foreach (var (key, value) in labels)
        {
            errors.InvalidEach(path, key, NameRules.QualifiedName(key));
            errors.InvalidEach(path, value, NameRules.LabelValue(value));
        }
    }

    private static void ValidateAnnotations(ObjectMeta meta, FieldErrors errors)
    {
        long size = 0;
        foreach (var (key, value) in meta.Annotations)
        {
            // As a label's key, but capitals are allowed in the domain too.
            errors.InvalidEach("metadata.annotations", key, NameRules.QualifiedName(key.ToLowerInvariant()));
            size += System.Text.Encoding.UTF8.GetByteCount(key) + System.Text.Encoding.UTF8.GetByteCount(value);
        }

        if (size > MaxAnnotationBytes)
        {
            errors.TooLong("metadata.annotations", MaxAnnotationBytes);
        }
    }
}
