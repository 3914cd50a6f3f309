using L4Lb.K8s.Annotations;

namespace L4Lb.K8s.Tests.Annotations;

public class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1m1s1ms", 61_001)]
    [InlineData("500us", 0.5)]
    [InlineData("500µs", 0.5)]
    [InlineData("1000ns", 0.001)]
    public void Reads_what_Go_reads(string text, double milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1s ")]
    [InlineData("1..5s")]
    [InlineData("9999999999999999h")]
    [InlineData("999999999999999h")]
    [InlineData("11111111111111111111111111111111111111111111s")]
    public void Refuses_everything_else(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("0")]
    [InlineData("250ms")]
    [InlineData("10s")]
    [InlineData("1h30m")]
    [InlineData("168h")]
    [InlineData("1m0.5s")]
    public void Writes_what_it_can_read(string text)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal(text, GoDuration.Format(value));
    }
}
