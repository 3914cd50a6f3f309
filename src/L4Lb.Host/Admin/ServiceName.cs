using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>How operators name a Service: <c>name</c>, in namespace <c>default</c>, or <c>namespace/name</c>.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
internal readonly record struct ServiceName(string Namespace, string Name)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ServiceName Read(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } name] => new ServiceName("default", name),
        [{ Length: > 0 } ns, { Length: > 0 } name] => new ServiceName(ns, name),
        _ => throw new FormatException("must be NAME or NAMESPACE/NAME"),
    };

    /// <summary>Reads <c>service=</c> of a request's query; false, and why, when it is given and cannot be understood.</summary>
    public static bool TryReadQuery(HttpRequest request, out ServiceName? wanted, out ProblemHttpResult? problem)
    {
        (wanted, problem) = (null, null);
        if (request.Query["service"].LastOrDefault() is not { } text)
        {
            return true;
        }

        try
        {
            wanted = Read(text);
            return true;
        }
        catch (FormatException e)
        {
            problem = Problems.Bad($"service={text}: {e.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
