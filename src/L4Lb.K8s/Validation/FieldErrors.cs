using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>
/// Collects what is wrong with one object, each error in the form that the API server prints:
/// <c>Invalid value: 0: must be between 1 and 65535, inclusive</c>.
/// </summary>
internal sealed class FieldErrors(SourceMap source)
{
    private readonly List<Diagnostic> _all = [];

    /// <summary>All of them, in the order found.</summary>
    public List<Diagnostic> All => _all;

    /// <summary>A value is missing.</summary>
    public void Required(string path, string detail = "") => Error(path, "Required value", detail);

    /// <summary>A text is wrong.</summary>
    public void Invalid(string path, string value, string detail) => Error(path, $"Invalid value: {GoText.Quote(value)}", detail);

    /// <summary>A number is wrong.</summary>
    public void Invalid(string path, int value, string detail) => Error(path, $"Invalid value: {value}", detail);

    /// <summary>A list is wrong as a whole.</summary>
    public void Invalid(string path, IEnumerable<string> values, string detail) =>
        Error(path, $"Invalid value: [{string.Join(',', values.Select(GoText.Quote))}]", detail);

    /// <summary>A text is wrong for each of these reasons.</summary>
    public void InvalidEach(string path, string value, IReadOnlyList<string> details)
    {
        foreach (var detail in details)
        {
            Invalid(path, value, detail);
        }
    }

    /// <summary>A text is none of the values that there are; <paramref name="supported"/> is sorted.</summary>
    public void NotSupported(string path, string value, params ReadOnlySpan<string> supported) =>
        Error(path, $"Unsupported value: {GoText.Quote(value)}", $"supported values: \"{string.Join("\", \"", supported)}\"");

    /// <summary>A text is there twice.</summary>
    public void Duplicate(string path, string value) => Error(path, $"Duplicate value: {GoText.Quote(value)}", "");

    /// <summary>Something that prints as <paramref name="json"/> is there twice.</summary>
    public void DuplicateJson(string path, string json) => Error(path, $"Duplicate value: {json}", "");

    /// <summary>A field is not allowed here.</summary>
    public void Forbidden(string path, string detail) => Error(path, "Forbidden", detail);

    /// <summary>A list is too long.</summary>
    public void TooMany(string path, int actual, int max) => Error(path, $"Too many: {actual}", $"must have at most {max} items");

    /// <summary>A text is too long.</summary>
    public void TooLong(string path, int maxBytes) => Error(path, "Too long", $"may not be more than {maxBytes} bytes");

    /// <summary>Something is wrong, in words that are complete.</summary>
    public void Problem(string path, string message) => Error(path, message, "");

    /// <summary>Something that is accepted, but worth saying.</summary>
    public void Warn(string path, string message) => _all.Add(new(Severity.Warning, source.File, LineOf(path), path, message));

    /// <summary>A warning whose text names its field itself.</summary>
    public void WarnAt(string linePath, string message) =>
        _all.Add(new(Severity.Warning, source.File, LineOf(linePath), "", message));

    private void Error(string path, string what, string detail) =>
        _all.Add(new(Severity.Error, source.File, LineOf(path), path, detail.Length == 0 ? what : $"{what}: {detail}"));

    // The API server spells this one path with a capital letter that the field does not have.
    private int LineOf(string path) =>
        source.LineOf(path.Replace("spec.LoadBalancerSourceRanges", "spec.loadBalancerSourceRanges", StringComparison.Ordinal));
}
