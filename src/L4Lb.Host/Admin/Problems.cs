using L4Lb.K8s.Annotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API cannot do, as problem details (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>Names in a message: enough to see a typing error by.</summary>
    private const int NamesMost = 20;

    /// <summary>The request cannot be understood.</summary>
    public static ProblemHttpResult Bad(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>What it is about is not there.</summary>
    public static ProblemHttpResult NotThere(string detail) => Of(StatusCodes.Status404NotFound, detail);

    /// <summary>Any other.</summary>
    public static ProblemHttpResult Of(int status, string? detail) => TypedResults.Problem(statusCode: status, detail: detail);

    /// <summary>Some of the names that would have been right, those most like <paramref name="wrong"/> first.</summary>
    public static string Instead(string wrong, IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).OrderBy(name => NearestName.Distance(wrong, name)).ToArray();
        return all.Length switch
        {
            0 => "none",
            <= NamesMost => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(NamesMost))} and {all.Length - NamesMost} more",
        };
    }
}
