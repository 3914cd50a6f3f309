using L4Lb.Lab.Reports.Charts;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Tests.Reports.Charts;

public class ScaleTests
{
    private static readonly double[][] s_odd =
    [
        [], [double.NaN], [0], [5], [-5], [5, 5, 5], [double.PositiveInfinity, 3], [double.NegativeInfinity], [double.MaxValue], [double.Epsilon], [1e-300, 1e300],
        [-1, 1], [0.1, 0.2, 0.3], [999.999, 1000.001], [1, 1], [1e15, 1e15 + 1],
    ];

    public static TheoryData<int> Odd => new(Enumerable.Range(0, s_odd.Length));

    [Theory]
    [MemberData(nameof(Odd))]
    public void Whatever_the_data_are_the_ends_are_finite_and_apart(int odd)
    {
        var values = s_odd[odd];
        foreach (var scale in new[] { Scale.Linear(values), Scale.Log(values) })
        {
            CheckSane(scale);
            Assert.All(values, v => Assert.InRange(scale.Place(v), 0, 1));
        }
    }

    [Fact]
    public void Ticks_cover_the_data_and_are_round()
    {
        var dice = new Random(5);
        for (var i = 0; i < 5000; i++)
        {
            var size = Math.Pow(10, dice.Next(-12, 12));
            var values = Enumerable.Range(0, dice.Next(1, 6)).Select(_ => dice.NextDouble() * size * Math.Pow(10, -4 * dice.NextDouble())).ToArray();
            var linear = Scale.Linear(values);
            CheckSane(linear);
            Assert.All(values, v => Assert.InRange(v, linear.Ticks[0] * (1 - 1e-9), linear.Ticks[^1] * (1 + 1e-9)));
            Assert.InRange(linear.Ticks.Count, 2, 12);
            var step = linear.Ticks[1] - linear.Ticks[0];
            Assert.Contains(Math.Round(step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9)), 6), new double[] { 1, 2, 5 });
            var log = Scale.Log(values);
            CheckSane(log);
            Assert.All(values, v => Assert.InRange(v, log.Low * (1 - 1e-9), log.High * (1 + 1e-9)));
            Assert.InRange(log.Ticks.Count, 2, 10);
        }
    }

    [Fact]
    public void Places_keep_the_order_and_meet_the_ends()
    {
        foreach (var scale in new[] { Scale.Linear([3, 900]), Scale.Log([3, 900]) })
        {
            Assert.Equal((0d, 1d), (scale.Place(scale.Low), scale.Place(scale.High)));
            Assert.True(scale.Place(10) < scale.Place(20) && scale.Place(20) < scale.Place(500));
        }
    }

    [Fact]
    public void Labels_are_short_and_differ()
    {
        foreach (var unit in Enum.GetValues<MeasureUnit>())
        {
            foreach (var isLog in new[] { false, true })
            {
                foreach (var high in new[] { 1e-6, 0.3, 1, 7, 1234, 8e6, 3e10 })
                {
                    var axis = new Axis("", unit, isLog);
                    var labels = axis.Labels(axis.ScaleFor([high / 9, high]));
                    Assert.Equal(labels.Distinct(), labels);
                    Assert.All(labels, static l => Assert.InRange(l.Length, 1, 12));
                }
            }
        }
    }

    private static void CheckSane(Scale scale)
    {
        Assert.True(double.IsFinite(scale.Low) && double.IsFinite(scale.High) && scale.Low < scale.High, $"{scale.Low} to {scale.High}");
        Assert.NotEmpty(scale.Ticks);
        Assert.All(scale.Ticks, t => Assert.InRange(t, scale.Low, scale.High));
        Assert.Equal(scale.Ticks.Distinct().Order(), scale.Ticks);
    }
}
