using System.Text;
using L4Lb.Lab.Results;
using L4Lb.Lab.Tests.Reports;

namespace L4Lb.Lab.Tests.Results;

public class ResultFileTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var result = Synthetic.Result([Synthetic.Scheduler("rr", 2, 1000, changes: true), Synthetic.Scheduler("rr", 1, 900, mode: LabMode.Live)]);
        var text = ResultFile.Write(result);
        var reading = ResultFile.Read("a.json", text);
        Assert.Null(reading.Problem);
        Assert.Equal(text, ResultFile.Write(reading.Found!));
        var (run, copy) = (result.Schedulers[0].Runs[1], reading.Found!.Schedulers[0].Runs[1]);
        Assert.Equal(run.Latency.Buckets, copy.Latency.Buckets);
        Assert.Equal((run.Latency.Mean, run.Latency.Max, run.Seed), (copy.Latency.Mean, copy.Latency.Max, copy.Seed));
        Assert.Equal(run.Backends, copy.Backends);
        Assert.Equal(run.Intervals, copy.Intervals);
        Assert.Equal(run.Changes, copy.Changes);
        Assert.Equal((run.Stickiness, run.PickNanoseconds), (copy.Stickiness, copy.PickNanoseconds));
        Assert.Equal(result.Made, reading.Found.Made);
        Assert.Equal(result.Scenario, reading.Found.Scenario);
    }

    [Fact]
    public void What_a_later_program_adds_is_passed_over()
    {
        var text = ResultFile.Write(Synthetic.Result([Synthetic.Scheduler("rr", 1, 1000)])).Replace("\"scheduler\":", "\"later\":[1,{}],\"scheduler\":", StringComparison.Ordinal);
        Assert.NotNull(ResultFile.Read("a.json", text).Found);
    }

    [Theory]
    [InlineData("", "a.json:1: is not JSON, or was cut off; a result file is what l4lb lab simulate -o wrote")]
    [InlineData("[]", "a.json: is no result file: it does not begin with \"format\": \"l4lb.io/lab-result/v1\"")]
    [InlineData("{\"format\":7}", "a.json: is no result file: it does not begin with \"format\": \"l4lb.io/lab-result/v1\"")]
    [InlineData("{\"format\":\"something\"}", "a.json: is no result file: its format is \"something\", not \"l4lb.io/lab-result/v1\"")]
    [InlineData(
        "{\"format\":\"l4lb.io/lab-result/v9\"}",
        "a.json: has the format l4lb.io/lab-result/v9, and this program reads l4lb.io/lab-result/v1: use the version of l4lb that wrote it, or run the scenario again")]
    [InlineData("{\"format\":\"l4lb.io/lab-result/v1\"}", "a.json")]
    public void What_is_no_result_is_named_with_what_would_help(string text, string problem)
    {
        var reading = ResultFile.Read("a.json", text);
        Assert.Null(reading.Found);
        Assert.StartsWith(problem, reading.Problem);
    }

    [Fact]
    public void Figures_that_cannot_be_are_refused()
    {
        var good = Synthetic.Result([Synthetic.Scheduler("rr", 1, 1000)]);
        var run = good.Schedulers[0].Runs[0];
        foreach (var (bad, words) in new (LabResult, string)[]
        {
            (good with { Schedulers = [] }, "has no scheduler"),
            (good with { Schedulers = [good.Schedulers[0], good.Schedulers[0]] }, "has rr twice"),
            (good with { Schedulers = [good.Schedulers[0] with { Runs = [] }] }, "rr has no run"),
            (good with { Schedulers = [good.Schedulers[0] with { Runs = [run, run] }] }, "rr has a seed twice"),
            (good with { Schedulers = [good.Schedulers[0] with { Runs = [run with { Errors = -1 }] }] }, "rr under seed 1 has a negative number of requests"),
            (good with { Schedulers = [good.Schedulers[0] with { Runs = [run with { Completed = run.Requests + 1 }] }] }, "more answers or errors than requests"),
            (good with { Schedulers = [good.Schedulers[0] with { Runs = [run with { Shares = run.Shares with { MeanQueue = -1 } }] }] }, "a figure that is negative"),
        })
        {
            var reading = ResultFile.Read("a.json", ResultFile.Write(bad));
            Assert.Null(reading.Found);
            Assert.Contains(words, reading.Problem);
        }
    }

    /// <summary>Bytes flipped, cut out and doubled anywhere: a result that reports can be made of, or a problem that names the file.</summary>
    [Fact]
    public void No_file_brings_it_down()
    {
        var good = Encoding.UTF8.GetBytes(ResultFile.Write(Synthetic.Result([Synthetic.Scheduler("rr", 1, 50, changes: true)])));
        var dice = new Random(11);
        string[] pieces = ["null", "-1", "1e999", "[]", "{}", "\"\"", "9223372036854775807", "NaN", "\\ud800", "[[[[", ",", "true", "1e308"];
        var (read, refused) = (0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var bytes = new List<byte>(good);
            for (var change = dice.Next(1, 4); change > 0; change--)
            {
                var at = dice.Next(bytes.Count);
                switch (dice.Next(6))
                {
                    case 4 or 5:
                        var digit = bytes.FindIndex(at, static b => b is >= (byte)'0' and <= (byte)'9');
                        bytes[Math.Max(digit, 0)] = (byte)('0' + dice.Next(10));
                        break;
                    case 0:
                        bytes[at] = (byte)dice.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(dice.Next(1, 40), bytes.Count - at));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[dice.Next(pieces.Length)]));
                        break;
                    default:
                        var end = at;
                        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']'))
                        {
                            end++;
                        }

                        bytes.RemoveRange(at, end - at);
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[dice.Next(pieces.Length)]));
                        break;
                }
            }

            var reading = ResultFile.Read("broken.json", Encoding.UTF8.GetString([.. bytes]));
            Assert.True(reading.Found is null ^ reading.Problem is null);
            if (reading.Found is { } result)
            {
                read++;
                if (read % 20 == 0)
                {
                    Assert.All(Enum.GetValues<L4Lb.Lab.Reports.ReportFormat>(), format => Assert.NotEmpty(L4Lb.Lab.Reports.Report.Write(result, format)));
                }
            }
            else
            {
                refused++;
                Assert.StartsWith("broken.json", reading.Problem);
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }
}
