using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Reading.Schema;

/// <summary>Collects what is wrong with the fields of one document, as strictly as was asked for.</summary>
/// <param name="validation">What to do about fields that do not exist or are there twice.</param>
/// <param name="diagnostics">Where the problems go; lines count from the document's line 0, and there is no file yet.</param>
internal sealed class FieldProblems(FieldValidation validation, List<Diagnostic> diagnostics)
{
    /// <summary>Whether a value could not be decoded: the object is then not worth validating.</summary>
    public bool HasDecodeErrors { get; private set; }

    /// <summary>A field that does not exist, or is there twice. The message names its path, so the diagnostic does not.</summary>
    public void Strict(int line, string problem)
    {
        switch (validation)
        {
            case FieldValidation.Strict:
                diagnostics.Add(new(Severity.Error, "", line, "", $"strict decoding error: {problem}"));
                break;
            case FieldValidation.Warn:
                diagnostics.Add(new(Severity.Warning, "", line, "", problem));
                break;
        }
    }

    /// <summary>A value of a wrong type.</summary>
    public void Decode(int line, string path, string problem)
    {
        HasDecodeErrors = true;
        diagnostics.Add(new(Severity.Error, "", line, path, problem));
    }
}
