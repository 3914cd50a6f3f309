using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Tests.Client;

public class HumanTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9999")]
    [InlineData(10_000, "10k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(999_499, "999k")]
    [InlineData(999_500, "1M")]
    [InlineData(long.MaxValue, "9.22E")]
    public void Count(long count, string expected) => Assert.Equal(expected, Human.Count(count));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1_000, "1kB")]
    [InlineData(1_234_567, "1.23MB")]
    [InlineData(99_960, "100kB")]
    public void Bytes(double bytes, string expected) => Assert.Equal(expected, Human.Bytes(bytes));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.333, "0.33")]
    [InlineData(42.04, "42")]
    [InlineData(51_234, "51.2k")]
    public void Rate(double rate, string expected) => Assert.Equal(expected, Human.Rate(rate));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0us")]
    [InlineData(850.0, "850us")]
    [InlineData(999.7, "1ms")]
    [InlineData(1_234.0, "1.23ms")]
    [InlineData(999_700.0, "1s")]
    [InlineData(16_777_216.0, "16.8s")]
    public void Micros(double? micros, string expected) => Assert.Equal(expected, Human.Micros(micros));

    // What kubectl get writes as AGE.
    [Theory]
    [InlineData("-00:00:05", "0s")]
    [InlineData("00:01:59", "119s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("00:09:59", "9m59s")]
    [InlineData("00:10:30", "10m")]
    [InlineData("02:59:59", "179m")]
    [InlineData("03:00:00", "3h")]
    [InlineData("07:59:00", "7h59m")]
    [InlineData("1.23:59:00", "47h")]
    [InlineData("2.00:00:00", "2d")]
    [InlineData("7.23:00:00", "7d23h")]
    [InlineData("700.00:00:00", "700d")]
    [InlineData("800.00:00:00", "2y")]
    public void Age(string age, string expected) => Assert.Equal(expected, Human.Age(TimeSpan.Parse(age)));
}
