using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>Which part of a long list is asked for: <c>?limit=N&amp;after=ID</c>.</summary>
/// <param name="Limit">Most items.</param>
/// <param name="After">The last item of the page before; 0 for none.</param>
internal readonly record struct Page(int Limit, long After)
{
    /// <summary>Most items of one answer.</summary>
    public const int Most = 10_000;

    /// <summary>Items when nobody says how many.</summary>
    public const int Usual = 500;

    /// <summary>Reads the query of a request; what is wrong with it is in <paramref name="problem"/>.</summary>
    public static bool TryRead(HttpRequest request, out Page page, out ProblemHttpResult? problem)
    {
        page = new Page(Usual, 0);
        problem = null;
        if (request.Query["limit"].LastOrDefault() is { } limit)
        {
            if (!int.TryParse(limit, out var most) || most is < 1 or > Most)
            {
                problem = Problems.Bad($"limit={limit}: must be 1…{Most}");
                return false;
            }

            page = page with { Limit = most };
        }

        if (request.Query["after"].LastOrDefault() is { } after)
        {
            if (!long.TryParse(after, out var id) || id < 0)
            {
                problem = Problems.Bad($"after={after}: must be the number of an item, which the page before has as next");
                return false;
            }

            page = page with { After = id };
        }

        return true;
    }

    /// <summary>The part of <paramref name="all"/>, which are in the order of their numbers.</summary>
    public PageAnswer<TAnswer> Of<T, TAnswer>(IReadOnlyList<T> all, Func<T, long> idOf, Func<T, TAnswer> answer)
    {
        var after = After;
        var rest = all.SkipWhile(item => idOf(item) <= after).Take(Limit + 1).ToList();
        var items = rest.Take(Limit).ToList();
        return new PageAnswer<TAnswer>([.. items.Select(answer)], all.Count, rest.Count > Limit ? idOf(items[^1]) : null);
    }
}

/// <summary>A part of a list of the admin API.</summary>
/// <param name="Items">The items.</param>
/// <param name="Total">How many there are in all parts.</param>
/// <param name="Next">What to give as <c>after</c> for the next part; null when this is the last.</param>
internal sealed record PageAnswer<T>(IReadOnlyList<T> Items, int Total, long? Next);
