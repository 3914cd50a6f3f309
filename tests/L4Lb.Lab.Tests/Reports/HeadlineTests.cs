using L4Lb.Lab.Reports;
using L4Lb.Lab.Reports.Words;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Reports;

public class HeadlineTests
{
    [Fact]
    public void Says_who_is_best_by_how_much_and_why()
    {
        var headline = Report.Headline(Synthetic.Three());
        Assert.Matches(
            @"^p2c answers 99 % of the requests within [\d.]+ ms, 5\.\d times sooner than rr \(\d+ ms\), since one backend in twenty is slow "
                + @"\(99 % within \d+ ms there, [\d.]+ ms at the others\) and rr sends it its full share, p2c 20\.0 % of it\.$",
            headline);
    }

    [Fact]
    public void Says_that_equals_are_equal()
    {
        var headline = Report.Headline(Synthetic.Result([Synthetic.Scheduler("lc", 3, 1000), Synthetic.Scheduler("wlc", 3, 1000)]));
        Assert.StartsWith("lc and wlc cannot be told apart: each answers 99 % of the requests within about ", headline);
    }

    [Fact]
    public void A_single_scheduler_is_compared_with_nobody() =>
        Assert.Matches(@"^rr answers 99 % of the requests within [\d.]+ ms\.$", Report.Headline(Synthetic.Result([Synthetic.Scheduler("rr", 3, 1000)])));

    [Fact]
    public void Who_fails_requests_does_not_win_by_being_fast()
    {
        var result = Synthetic.Result([Synthetic.Scheduler("fast", 3, 500, errors: 0.04), Synthetic.Scheduler("sound", 3, 1000)]);
        var headline = Report.Headline(result);
        Assert.Equal(["sound", "fast"], Ranking.Main(result).Entries.Select(static e => e.Name));
        Assert.StartsWith("sound answers 99 %", headline);
        Assert.EndsWith("but with fast it leaves 4.00 % of the requests unanswered, sound 0 %.", headline);
    }

    [Theory]
    [InlineData("uneven", "its busiest backend gets 1.8 times its due, first's 1.1 times")]
    [InlineData("queues", "its fullest backend has 30.0 requests at a time, first's 10.0")]
    [InlineData("nothing", null)]
    public void Reasons_are_what_the_figures_say(string kind, string? reason)
    {
        var other = kind switch
        {
            "uneven" => Synthetic.Scheduler("other", 3, 2000, slowShare: 0.1, spread: 0.4),
            "queues" => Synthetic.Scheduler("other", 3, 2000, slowShare: 0.1, maxQueue: 30),
            _ => Synthetic.Scheduler("other", 3, 2000, slowShare: 0.1),
        };
        var findings = new Findings(Synthetic.Result([other, Synthetic.Scheduler("first", 3, 1000, slowShare: 0.1)]));
        Assert.Equal(reason, Reasons.Of(findings.Entries[1], findings.First, 20));
    }

    [Fact]
    public void Who_moves_and_who_keeps_clients_is_said()
    {
        var headline = Report.Headline(Synthetic.Result(
            [Synthetic.Scheduler("maglev", 2, 1000, slowShare: 0.1, changes: true), Synthetic.Scheduler("sh", 2, 1000, slowShare: 0.8, changes: true)]));
        Assert.EndsWith(
            " When the set of backends changes, maglev moves 5.00 % of the clients without need, sh 75.0 %. "
                + "maglev keeps 91.0 % of the returning clients at their backend, sh 28.0 %.",
            headline);
    }

    [Fact]
    public void Backends_that_get_more_than_they_can_do_are_a_reason()
    {
        var rr = Synthetic.Scheduler("rr", 2, 2000, slowShare: 0.1);
        rr = rr with
        {
            Runs = [.. rr.Runs.Select(static r => r with { Backends = [.. r.Backends.Select(static (b, i) => b with { Utilization = i < 8 ? 1 : 0.5, Share = i < 8 ? 0.07 : 0.04, P99Micros = 9000 })] })],
        };
        var findings = new Findings(Synthetic.Result([rr, Synthetic.Scheduler("wlc", 2, 1000, slowShare: 0.1)]));
        Assert.Equal(
            "eight of 20 backends are busy all the time, with 1.4 times their due, while the others are idle 50.0 % of it",
            Reasons.Of(findings.Entries[1], findings.First, 20));
    }

    [Fact]
    public void A_herd_is_recognised_by_its_moments()
    {
        var herd = Synthetic.Scheduler("herd", 3, 2000, slowShare: 0.1);
        herd = herd with { Runs = [.. herd.Runs.Select(static r => r with { Intervals = [.. r.Intervals.Select(static i => i with { MaxOverMean = 4 })] })] };
        var findings = new Findings(Synthetic.Result([herd, Synthetic.Scheduler("first", 3, 1000, slowShare: 0.1)]));
        Assert.Equal(
            "its loads are even over the whole run but not from moment to moment: within a step of 1.00 s its busiest backend gets 4.0 times the mean, "
                + "first's 1.2 times",
            Reasons.Of(findings.Entries[1], findings.First, 20));
    }

    [Fact]
    public void Notes_name_overload_and_a_single_seed()
    {
        var notes = string.Join('\n', Headline.Notes(new Findings(Synthetic.Result([Synthetic.Scheduler("rr", 1, 1000)], load: 1.1))));
        Assert.Contains("110 % of the capacity", notes);
        Assert.Contains("one seed", notes);
        Assert.Empty(Headline.Notes(new Findings(Synthetic.Three())));
    }
}
