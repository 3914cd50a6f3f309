using L4Lb.Lab.Results;

namespace L4Lb.Lab.Reports.Words;

/// <summary>What a result comes to, in a sentence or two.</summary>
internal static class Headline
{
    // Less than this is not worth a "times sooner".
    private const double Notable = 1.05;

    // A hundredth of the clients.
    private const double NotablePart = 0.01;

    // Equals that differ by no more are given one figure.
    private const double Close = 1.05;

    /// <summary>Who is best, by how much, and why; and where clients are to be kept, who does that.</summary>
    public static string Of(Findings findings) => string.Join(' ', new[]
    {
        Speed(findings),
        Extremes(findings, Measures.Excess, "When the set of backends changes, {0} moves {1} of the clients without need, {2} {3}."),
        Extremes(findings, Measures.Kept, "{0} keeps {1} of the returning clients at their backend, {2} {3}."),
    }.OfType<string>());

    /// <summary>The best and the worst by a measure; null when they hardly differ.</summary>
    private static string? Extremes(Findings findings, Measure measure, string sentence)
    {
        var known = findings.Entries.Where(e => e.Of(measure) is not null).OrderBy(e => -measure.Better * e.Mean(measure)).ToList();
        return known.Count < 2 || Math.Abs(known[0].Mean(measure) - known[^1].Mean(measure)) < NotablePart ? null
            : string.Format(
                System.Globalization.CultureInfo.InvariantCulture, sentence, known[0].Name, Figures.Mean(measure, known[0].Of(measure)),
                    known[^1].Name,
                Figures.Mean(measure, known[^1].Of(measure)));
    }

    private static string Speed(Findings findings)
    {
        var first = findings.First;
        var equals = findings.Entries.Where(static e => e.Ranked.Rank == 1).ToList();
        var p99 = Figures.Duration(first.Mean(Measures.P99));
        var names = Lists.And([.. equals.Select(static e => e.Name)]);
        var last = equals.Max(static e => e.Mean(Measures.P99));
        var within = equals.Count == 1 ? $"within {p99}"
            : last <= Close * first.Mean(Measures.P99) ? $"within about {p99}" : $"within {p99} to {Figures.Duration(last)}";
        if (equals.Count == findings.Entries.Count)
        {
            return equals.Count == 1
                ? $"{names} answers 99 % of the requests {within}."
                : $"{names} cannot be told apart: each answers 99 % of the requests {within}.";
        }

        return $"{names} {(equals.Count == 1 ? "answers" : "answer")} 99 % of the requests {within}{Against(findings, Compared(findings))}.";
    }

    /// <summary>What a reader has to know before believing it.</summary>
    public static IEnumerable<string> Notes(Findings findings)
    {
        var (result, first) = (findings.Found, findings.First);
        if (first.Mean(Measures.Errors) > Ranking.ErrorsTolerance)
        {
            yield return $"Even the best leaves {Figures.Percent(first.Mean(Measures.Errors))} of the requests unanswered.";
        }

        if (result.Scenario.OfferedLoad >= 1)
        {
            yield return $"The offered load is {Figures.Percent(result.Scenario.OfferedLoad)} of the capacity: queues grow as long as the run lasts, "
                + "so the latencies are those of its length, not of the scheduler alone.";
        }

        if (findings.Seeds == 1)
        {
            yield return "There is one seed, hence no confidence interval: a difference of a few percent may be chance. --seeds 5 tells.";
        }
        else if (findings.Entries.Any(static e => e.Ranked.IsShared))
        {
            yield return $"Schedulers that share a rank differ by no more than 1 %, or by no more than chance does between {Lists.Number(findings.Seeds)} seeds "
                + "(95 % confidence, differences taken seed by seed).";
        }
    }

    /// <summary>The one that people would have without choosing; otherwise the last.</summary>
    private static Entry Compared(Findings findings) =>
        findings.Default is { Ranked.Rank: > 1 } other ? other : findings.Entries[^1];

    private static string Against(Findings findings, Entry other)
    {
        var first = findings.First;
        var (soon, late) = (first.Mean(Measures.P99), other.Mean(Measures.P99));
        var reason = Reasons.Of(other, first, findings.Found.Scenario.Backends);
        var because = reason is null ? "" : $", since {Subject(reason, other)}";
        return soon > 0 && late / soon >= Notable
            ? $", {Figures.Times(late / soon)} times sooner than {other.Name} ({Figures.Duration(late)}){because}"
            : reason is null ? $", {other.Name} within {Figures.Duration(late)}" : $" and {other.Name} within {Figures.Duration(late)}, but with {other.Name} {reason}";
    }

    /// <summary>In this sentence <c>it</c> would be the best.</summary>
    private static string Subject(string reason, Entry other) =>
        reason.StartsWith("its ", StringComparison.Ordinal) ? $"{other.Name}'s {reason[4..]}"
        : reason.StartsWith("it ", StringComparison.Ordinal) ? $"{other.Name} {reason[3..]}"
        : reason;
}
