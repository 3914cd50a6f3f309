using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Annotations;

/// <summary>One annotation of a Service, and where to complain about it.</summary>
/// <param name="Service">The Service.</param>
/// <param name="Name">Name of the annotation.</param>
/// <param name="Value">Its value without spaces around it.</param>
/// <param name="Options">What values depend on.</param>
/// <param name="Diagnostics">Takes what is wrong.</param>
internal sealed record AnnotationText(
    Service Service, string Name, string Value, AnnotationOptions Options, ICollection<Diagnostic> Diagnostics)
{
    /// <summary>The value as <paramref name="reader"/> understands it; <paramref name="standard"/> when it is bad, which is said.</summary>
    public T Read<T>(ValueReader<T> reader, T standard)
    {
        var problem = reader(Value, out var value);
        Refuse(problem);
        return problem is null ? value : standard;
    }

    /// <summary>The value as <paramref name="reader"/> understands it; null when it is bad, which is said.</summary>
    public T? Read<T>(ValueReader<T> reader)
        where T : struct
    {
        var problem = reader(Value, out var value);
        Refuse(problem);
        return problem is null ? value : null;
    }

    /// <summary>Says what is wrong with the value, unless that is null.</summary>
    public void Refuse(string? problem)
    {
        if (problem is not null)
        {
            Diagnostics.Refuse(Service, AnnotationNames.PathOf(Name), $"Invalid value: \"{Value}\": {problem}");
        }
    }

    /// <summary>Says what the author should know.</summary>
    public void Warn(string message) => Diagnostics.Warn(Service, AnnotationNames.PathOf(Name), message);
}
