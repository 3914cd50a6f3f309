using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Workload;

public sealed class WorkloadTests
{
    public static TheoryData<Distribution, double> Medians => new()
    {
        { new DeterministicTime(2), 2 },
        { new ExponentialTime(2), 2 * Math.Log(2) },
        { new LognormalTime(2, 0.5), 2 * Math.Exp(-0.125) },
        { new ParetoTime(2, 2.5), 2 * 1.5 / 2.5 * Math.Pow(2, 0.4) },
        { new ParetoTime(2, 1.5, 20), 2 * 0.5 / 1.5 * Math.Pow(2, 1 / 1.5) },
        { new BimodalTime(1, 11, 0.1), 1 },
    };

    [Theory]
    [MemberData(nameof(Medians))]
    public void DistributionsHaveTheirMeanAndMedian(Distribution distribution, double median)
    {
        var dice = new Dice(1, Purpose.Service);
        var samples = new double[400_000];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = distribution.Of(dice.Next());
        }

        Assert.InRange(samples.Average(), distribution.Mean * 0.98, distribution.Mean * 1.02);
        Assert.Equal(median, distribution.At(0.5), 6);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963985)]
    [InlineData(0.001, -3.090232306)]
    [InlineData(0.999999, 4.753424309)]
    public void NormalQuantilesAreThoseOfTheTables(double unit, double expected) => Assert.Equal(expected, Normal.Quantile(unit), 7);

    public static TheoryData<ArrivalSpec, double> Arrivals => new()
    {
        { new EvenArrivals(), 0 },
        { new PoissonArrivals(), 1 },
        { new BurstArrivals(3, 1, 4), 10 },
        { new DiurnalArrivals(10, 0.8), 10 },
    };

    /// <summary>All have their rate; the counts of equal times vary by nothing, as chance does, or by much more.</summary>
    [Theory]
    [MemberData(nameof(Arrivals))]
    public void ArrivalsHaveTheirRate(ArrivalSpec spec, double leastDispersion)
    {
        const int Seconds = 4000;
        var process = ArrivalProcess.Create(spec, 100, new Dice(3, Purpose.Arrivals));
        var counts = new int[Seconds];
        var (last, at) = (0.0, process.Next());
        for (; at < Seconds; (last, at) = (at, process.Next()))
        {
            Assert.InRange(at, last, double.MaxValue);
            counts[(int)at]++;
        }

        var mean = counts.Average();
        var dispersion = counts.Average(c => (c - mean) * (c - mean)) / mean;
        Assert.InRange(mean, 95, 105);
        Assert.InRange(dispersion, leastDispersion * 0.9, leastDispersion is 1 ? 1.1 : leastDispersion == 0 ? 0.1 : 1000);
    }

    [Fact]
    public void ClientsAreAsPopularAsZipfSays()
    {
        var clients = new ClientPopulation(new ClientSpec(1000, Zipf: 1));
        var dice = new Dice(1, Purpose.Clients);
        var counts = new int[1000];
        for (var i = 0; i < 1_000_000; i++)
        {
            counts[clients.Draw(dice.Next(), i)]++;
        }

        var harmonic = Enumerable.Range(1, 1000).Sum(static rank => 1.0 / rank);
        Assert.All([1, 2, 10, 100], rank => Assert.InRange(counts[rank - 1], 0.9e6 / rank / harmonic, 1.1e6 / rank / harmonic));
    }

    [Fact]
    public void ClientsBehindNatShareAddresses()
    {
        var clients = new ClientPopulation(new ClientSpec(100_000, NatGroups: 10, NatPart: 0.3));
        var byAddress = Enumerable.Range(0, 100_000).GroupBy(client => clients.AddressOf(client, 1)).Select(static g => g.Count()).ToArray();

        Assert.Equal(10, byAddress.Count(static count => count > 1));
        Assert.InRange(byAddress.Where(static count => count > 1).Sum(), 29_000, 31_000);
    }

    [Fact]
    public void DiceOfOnePurposeDoNotDependOnOthers()
    {
        Assert.Equal(new Dice(5, Purpose.Service).At(7), new Dice(5, Purpose.Service).At(7));
        Assert.NotEqual(new Dice(5, Purpose.Service).At(7), new Dice(5, Purpose.Clients).At(7));
        Assert.NotEqual(new Dice(5, Purpose.Service).At(7), new Dice(6, Purpose.Service).At(7));
        Assert.NotEqual(new Dice(5, Purpose.Schedulers, 0).At(7), new Dice(5, Purpose.Schedulers, 1).At(7));
    }
}
